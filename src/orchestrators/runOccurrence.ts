import type { OccurrenceActivities } from "../activities/occurrence.ts";
import type { Decision } from "../domain/schedule/decision.ts";
import { stubbornCallsOf, wordlessChildOf } from "../durable/keepTrying.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { now, pause, secondsSince } from "../durable/time.ts";
import { USUAL } from "./patience.ts";

/** An occurrence of an image's schedule. Times are ISO 8601. */
export interface DueOccurrence {
  image: string;
  due: string;
  by: "calendar" | "age";
  /** 0 of the first time, then those that it is tried again. */
  retry: number;
  /** When it starts. */
  startAt: string;
}

/** Waits until an occurrence of a schedule starts, lets it be decided, and does what was decided. */
export const runOccurrence: Orchestrator<DueOccurrence, Decision> = {
  name: "runOccurrence",
  *body(context, occurrence) {
    const act = stubbornCallsOf<OccurrenceActivities>(context, USUAL, wordlessChildOf(context));
    const seconds = -secondsSince(context, occurrence.startAt);
    if (seconds > 0) yield* pause(context, seconds);
    const decision = yield* act.decideOccurrence({ ...occurrence, wokeAt: now(context).toISOString() });
    yield* act.carryOutDecision({ image: occurrence.image, decision });
    return decision;
  },
};
