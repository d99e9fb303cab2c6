import type { BuildActivities } from "../activities/index.ts";
import type { Attempt } from "../domain/plan.ts";
import { isFinal } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { pause, secondsSince, startAnew } from "../durable/time.ts";
import { orNothing, tryToLook } from "./look.ts";
import { A_LOOK, CANCELLATION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook } from "./patience.ts";

export interface Ending {
  attempt: Attempt;
  /** ISO 8601. */
  since: string;
  /** Whether image builder has been asked to cancel the run. */
  asked: boolean;
  /** Looks of earlier generations. */
  looked: number;
}

/** How ending a run went: there was none under way, it has ended, or nobody knows that it has. */
export type EndedRun = "none" | "ended" | "goes on";

/** Ends an attempt's run if one is under way: a template cannot be deleted before. */
export const endRun: Orchestrator<Ending, EndedRun> = {
  name: "endRun",
  *body(context, ending) {
    const act = callsOf<BuildActivities>(context, A_LOOK);
    let { asked } = ending;
    const last = ending.looked + LOOKS_A_GENERATION;
    for (let look = ending.looked; look < last; look++) {
      const template = yield* tryToLook(context, act, ending.attempt);
      if (template?.kind === "absent") return asked ? "ended" : "none";
      if (template && (!template.run || isFinal(template.run))) return asked ? "ended" : "none";
      // A run that nobody can see may be under way; a request to cancel that got lost is sent again.
      if (!asked) asked = (yield* orNothing(act.cancelRun(ending.attempt))) !== undefined;
      if (secondsSince(context, ending.since) > CANCELLATION_SECONDS) return "goes on";
      yield* pause(context, secondsToNextLook(look));
    }
    return startAnew(context, { ...ending, asked, looked: last } satisfies Ending);
  },
};
