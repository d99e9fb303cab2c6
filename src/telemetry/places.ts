import { sha256 } from "../sha256.ts";
import type { SpanPlace } from "./telemetry.ts";

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/** The one trace of a build, a sweep or whatever has a name: any host finds it without having been told. */
export function traceIdOf(name: string): string {
  return sha256(`trace ${name}`).slice(0, TRACE_DIGITS);
}

/** The id of a span that is told apart from all others by these. */
export function spanIdOf(...parts: string[]): string {
  return sha256(`span ${JSON.stringify(parts)}`).slice(0, SPAN_DIGITS);
}

/** The root of a build's trace. */
export function buildPlace(buildId: string): SpanPlace {
  return { traceId: traceIdOf(buildId), spanId: spanIdOf(buildId) };
}

/** A phase of a build, however often the build came to it. */
export function phasePlace(buildId: string, phase: string): SpanPlace {
  return { traceId: traceIdOf(buildId), spanId: spanIdOf(buildId, "phase", phase) };
}

/** Where a caller's `traceparent` says that it stands. */
export function placeOf(traceparent: string): SpanPlace {
  const [, traceId = "", spanId = ""] = traceparent.split("-");
  return { traceId, spanId };
}
