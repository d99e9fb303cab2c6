import { advise } from "./advice.ts";
import type { ArchivedLog, Leftover, Receipt } from "./receipt.ts";

/** What the sweeper has found of a dead build; undefined where Azure did not tell. */
export interface Orphan {
  log?: ArchivedLog | undefined;
  imageVersions?: string[] | undefined;
}

/** The receipt of a build whose instance is gone, as far as the sweeper can tell after it has cleaned up. */
export function lostReceipt(
  buildId: string,
  image: string,
  { log, imageVersions = [] }: Orphan,
  leftovers: Leftover[],
  at: Date,
): Receipt {
  const time = at.toISOString();
  const failure = advise("build-lost", "The build's instance ended before the build did.");
  return {
    schemaVersion: 1,
    buildId,
    image,
    requested: { door: "unknown" },
    startedAt: time,
    endedAt: time,
    outcome: { kind: "failed", failure, ...(imageVersions.length > 0 ? { imageVersions } : {}) },
    cleanUp: leftovers.length > 0 ? { kind: "leftovers", leftovers } : { kind: "clean" },
    grants: [],
    log: log ?? { kind: "lost", why: "The sweeper found no template that could have had one." },
    timeline: [{ at: time, event: "swept", detail: "the sweeper removed what the build had left" }],
  };
}
