import type { GrantRecord, Receipt } from "../domain/receipt.ts";
import { visitsOf } from "./phases.ts";
import type { EndedSpan, Telemetry } from "./telemetry.ts";

/** Image builder's words for what a run is at, as a build tells them: others are Azure's to come up with. */
const RUN_PHASES = ["queued", "building", "customizing", "optimizing", "validating", "distributing"];

/** Measures a build that has ended. @param root the span of all of it. */
export function measureBuild(telemetry: Telemetry, receipt: Receipt, root: EndedSpan): void {
  const { image, outcome, cleanUp } = receipt;
  telemetry.measure("goldsmith.builds", 1, { image, outcome: outcome.kind, cleanup: cleanUp.kind });
  telemetry.measure("goldsmith.build.duration", (root.end - root.start) / 1000, { image, outcome: outcome.kind });
  for (const { phase, start, end } of visitsOf(receipt) ?? []) {
    telemetry.measure("goldsmith.phase.duration", (end - start) / 1000, { phase: bounded(phase) });
  }
  for (const grant of receipt.grants) {
    const seconds = secondsHeld(grant);
    if (seconds !== undefined) telemetry.measure("goldsmith.grant.duration", seconds, { role: grant.role });
  }
}

function bounded(phase: string): string {
  const part = /^running: (?<part>.*)$/.exec(phase)?.groups?.part;
  return part === undefined || RUN_PHASES.includes(part) ? phase : "running: other";
}

/** @returns undefined where nothing was granted, or nobody can say that it is over. */
function secondsHeld({ standing, askedAt, grantedAt, removedAt, releasedAt, heldByOthers }: GrantRecord) {
  const end = removedAt ?? (heldByOthers ? releasedAt : undefined);
  if (standing || !end) return undefined;
  return Math.max(0, (Date.parse(end) - Date.parse(grantedAt ?? askedAt)) / 1000);
}
