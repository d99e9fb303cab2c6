import { askedAtOf } from "../domain/buildId.ts";
import type { GrantRecord, Receipt } from "../domain/receipt.ts";
import { type PhaseTime, phasesOf, UNKNOWN_PHASES } from "./phases.ts";
import { buildPlace, phasePlace, placeOf, spanIdOf } from "./places.ts";
import type { Attributes, EndedSpan } from "./telemetry.ts";

/** A span but for its place in the trace. */
type Part = Pick<EndedSpan, "name" | "start" | "end" | "attributes"> & Partial<EndedSpan> & { spanId: string };

/**
 * The trace of a build that has ended, as its receipt tells it: the build, its phases, its grants. What its steps did
 * was told as they did it, and hangs on these.
 */
export function buildTrace(receipt: Receipt): EndedSpan[] {
  const { buildId, endedAt, timeline, outcome } = receipt;
  const { traceId, spanId } = buildPlace(buildId);
  const parts = [...phaseParts(receipt), ...receipt.grants.map((grant) => grantPart(grant, receipt))];
  const start = Math.min(askedAt(receipt), ...parts.map((part) => part.start));
  const end = Math.max(time(endedAt), ...parts.map((part) => part.end));
  const { traceparent } = receipt.requested;
  const root: EndedSpan = {
    traceId,
    spanId,
    name: "build",
    kind: "server",
    start,
    end,
    attributes: buildAttributes(receipt),
    events: timeline.map(({ at, event }) => ({ name: event, at: time(at) })),
    ...(traceparent === undefined ? {} : { links: [placeOf(traceparent)] }),
    ...(outcome.kind === "failed" ? { failed: outcome.failure.code } : {}),
  };
  return [root, ...parts.map((part): EndedSpan => ({ traceId, parentId: spanId, kind: "internal", ...part }))];
}

/** When a build was asked for: milliseconds since 1970. */
function askedAt({ buildId, startedAt }: Receipt): number {
  return Math.min(time(askedAtOf(buildId) ?? startedAt), time(startedAt));
}

function buildAttributes({ buildId, image, outcome, cleanUp, requested }: Receipt): Attributes {
  return {
    "goldsmith.build.id": buildId,
    "goldsmith.image": image,
    "goldsmith.door": requested.door,
    "goldsmith.outcome": outcome.kind,
    "goldsmith.cleanup": cleanUp.kind,
    ...(cleanUp.kind === "leftovers" ? { "goldsmith.leftovers": cleanUp.leftovers.length } : {}),
    ...(outcome.kind === "refused" ? { "goldsmith.findings": outcome.findings.map(({ code }) => code) } : {}),
    ...(outcome.imageVersions?.length ? { "goldsmith.image.versions": outcome.imageVersions } : {}),
  };
}

function phaseParts(receipt: Receipt): Part[] {
  const { buildId, startedAt } = receipt;
  const asked = askedAt(receipt);
  const waited = { phase: "accepted", start: asked, end: time(startedAt) };
  const seen = phasesOf(receipt);
  if (seen) return [waited, ...seen].map((one) => phasePart(buildId, one));
  // Nobody knows any more when it was at what: steps that were told while it lived hang on these all the same.
  const whole = { start: asked, end: time(receipt.endedAt) };
  return UNKNOWN_PHASES.map((phase) => {
    const part = phasePart(buildId, { phase, ...whole });
    return { ...part, attributes: { ...part.attributes, "goldsmith.phase.times": "unknown" } };
  });
}

function phasePart(buildId: string, { phase, start, end, within, visits }: PhaseTime): Part {
  return {
    spanId: phasePlace(buildId, phase).spanId,
    ...(within ? { parentId: phasePlace(buildId, within).spanId } : {}),
    name: phase,
    start,
    end,
    attributes: { "goldsmith.build.id": buildId, "goldsmith.phase": phase },
    ...(visits && visits.length > 1
      ? { events: visits.flatMap((visit) => [moment("entered", visit.start), moment("left", visit.end)]) }
      : {}),
  };
}

const moment = (name: string, at: number) => ({ name, at });

function grantPart(grant: GrantRecord, { buildId, endedAt }: Receipt): Part {
  const { role, scope, name, askedAt, removedAt, releasedAt } = grant;
  const start = time(askedAt);
  return {
    spanId: spanIdOf(buildId, "grant", name),
    name: `grant ${role}`,
    start,
    // Azure's clock tells when it was read back, and may be behind.
    end: Math.max(start, time(removedAt ?? releasedAt ?? endedAt)),
    attributes: {
      "goldsmith.build.id": buildId,
      "goldsmith.role": role,
      "goldsmith.scope": scope,
      "goldsmith.grant.end": endKind(grant),
    },
  };
}

/** What became of a build's grant. */
function endKind({ standing, removedAt, heldByOthers, releasedAt }: GrantRecord): string {
  if (standing) return "standing";
  if (removedAt) return "removed";
  if (heldByOthers) return "held by others";
  return releasedAt ? "released" : "left";
}

const time = (at: string) => Date.parse(at);
