import type { Decision } from "../../src/domain/schedule/decision.ts";
import { keepTrying } from "../../src/durable/keepTrying.ts";
import { type DueOccurrence, runOccurrence } from "../../src/orchestrators/runOccurrence.ts";
import type { Functions } from "./orchestration.ts";

/** Due an hour after runs begin. */
export const occurrence: DueOccurrence = {
  image: "one",
  due: "2026-01-15T03:00:00.000Z",
  by: "calendar",
  retry: 0,
  startAt: "2026-01-15T03:02:00.000Z",
};

export const started: Decision = {
  kind: "started",
  why: "due",
  detail: "It is due.",
  due: occurrence.due,
  decidedAt: occurrence.startAt,
  buildId: "one-20260115-030000-aaaa",
};

/** All that the engine needs to run an occurrence of a schedule, over variables instead of an archive. */
export function occurrenceFunctionsOf(changes: Functions["activities"] = {}): Functions {
  return {
    orchestrators: [runOccurrence, keepTrying],
    entities: [],
    activities: { decideOccurrence: async () => started, carryOutDecision: async () => {}, ...changes },
  };
}
