import type { Evidence } from "./evidence.ts";
import { brokenCommands } from "./promises/commands.ts";
import { brokenGrants } from "./promises/grants.ts";
import { brokenHistories } from "./promises/histories.ts";
import { brokenLogs } from "./promises/logs.ts";
import { brokenOwnership } from "./promises/ownership.ts";
import { brokenPace } from "./promises/pace.ts";
import { brokenRuns } from "./promises/runs.ts";
import { brokenGrantRecords } from "./promises/toldGrants.ts";
import { brokenTruth } from "./promises/truth.ts";

/** Sentences for what must hold of every build whatever fault strikes, G R L O T Q and H, and does not. */
export function brokenPromises(evidence: Evidence): string[] {
  return [
    brokenGrants,
    brokenRuns,
    brokenLogs,
    brokenOwnership,
    brokenCommands,
    brokenTruth,
    brokenGrantRecords,
    brokenPace,
    brokenHistories,
  ].flatMap((broken) => broken(evidence));
}
