import type { HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { serviceIdentity } from "../../../local/landscape.ts";
import type { LoggedRequest } from "../../../local/azure/control/requestLog.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { traceIdOf } from "../../../src/telemetry/places.ts";

/** Milliseconds since 1970. */
export const millisecondsOf = ([seconds, nanoseconds]: HrTime) => seconds * 1000 + nanoseconds / 1e6;

/** The spans of a build, or of whatever has a trace by its name. */
export function spansOf(spans: readonly ReadableSpan[], name: string): ReadableSpan[] {
  return spans.filter((span) => span.spanContext().traceId === traceIdOf(name));
}

/**
 * Each making and taking of a role by the service that is told of in no trace of these, or in none at all.
 *
 * @param names ids of builds and sweeps.
 */
export function strayGrantCalls(
  all: readonly ReadableSpan[],
  names: readonly string[],
  requests: readonly LoggedRequest[],
): string[] {
  const callsIn = (spans: readonly ReadableSpan[]) =>
    spans
      .map(({ attributes }) => ["http.request.method", "url.path"].map((name) => String(attributes[name])).join(" "))
      // The SDK puts a slash before a scope that begins with one.
      .map((call) => call.replace("//", "/"))
      .filter(isGrantCall);
  const told = names.flatMap((name) => callsIn(spansOf(all, name)));
  const sent = requests
    .filter(({ principal }) => principal === serviceIdentity.principalId)
    .map(({ method, path }) => `${method} ${path.split("?")[0]}`)
    .filter(isGrantCall);
  return [
    ...without(callsIn(all), told).map((call) => `another trace has ${call}`),
    ...without(sent, told).map((call) => `nobody is told of ${call}`),
  ];
}

const isGrantCall = (call: string) => /^(PUT|DELETE) .*\/roleAssignments\//.test(call);

/** What of one list is left when each of the other has been struck out once. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...list];
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
  return left;
}

/** Sentences for what must hold of all that was told of a build that has ended, and does not hold. */
export function brokenTraces(all: readonly ReadableSpan[], receipt: Receipt): string[] {
  const spans = spansOf(all, receipt.buildId);
  const broken: string[] = [];
  const ids = new Map<string, ReadableSpan>();
  for (const span of spans) {
    const { spanId } = span.spanContext();
    if (ids.has(spanId)) broken.push(`${span.name} is told twice, and ${ids.get(spanId)?.name} has the same id`);
    ids.set(spanId, span);
  }
  const roots = spans.filter(({ parentSpanContext }) => !parentSpanContext);
  if (roots.length !== 1) broken.push(`there are ${roots.length} roots: ${roots.map(({ name }) => name).join(", ")}`);
  for (const { name, parentSpanContext, startTime, endTime } of spans) {
    if (parentSpanContext && !ids.has(parentSpanContext.spanId)) broken.push(`${name} is nobody's child`);
    if (millisecondsOf(endTime) < millisecondsOf(startTime)) broken.push(`${name} ends before it starts`);
  }
  const [root] = roots;
  if (root) broken.push(...uncovered(root, spans, receipt));
  return broken;
}

/** Of the whole time from request to revocation, what the root, or all of its phases together, leave out. */
function uncovered(root: ReadableSpan, spans: readonly ReadableSpan[], receipt: Receipt): string[] {
  const broken: string[] = [];
  const [start, end] = [millisecondsOf(root.startTime), millisecondsOf(root.endTime)];
  const moments = receipt.grants.flatMap(({ askedAt, removedAt, releasedAt }) => [
    askedAt,
    ...[removedAt, releasedAt].filter((at) => at !== undefined),
  ]);
  for (const at of [receipt.startedAt, receipt.endedAt, ...moments]) {
    if (Date.parse(at) < start || Date.parse(at) > end) broken.push(`the root leaves out ${at}`);
  }
  const parts = spans
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === root.spanContext().spanId)
    // Steps may go on after the end: whoever keeps the receipt, and whoever is told of it.
    .filter(({ attributes }) => attributes["goldsmith.step"] === undefined)
    .toSorted((one, other) => millisecondsOf(one.startTime) - millisecondsOf(other.startTime));
  let covered = start;
  for (const part of parts) {
    if (millisecondsOf(part.startTime) > covered) broken.push(`nothing is told of the time before ${part.name}`);
    covered = Math.max(covered, millisecondsOf(part.endTime));
  }
  if (covered < end) broken.push("nothing is told of the end");
  return broken;
}
