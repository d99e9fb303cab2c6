import type { BuildActivities } from "../activities/index.ts";
import type { Attempt } from "../domain/plan.ts";
import { isFinal } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, pause, secondsSince, startAnew } from "../durable/time.ts";
import { orNothing, tryToLook } from "./look.ts";
import { A_LOOK, LOOKS_A_GENERATION, RUN_SHOWS_UP_SECONDS, secondsToNextLook } from "./patience.ts";

export interface Ending {
  attempt: Attempt;
  /** When the run was asked for, ISO 8601: for some minutes it may be hidden. */
  runAskedAt: string;
  /** Cancelling can hang for days: after this time, ISO 8601, the clean-up goes on without it. */
  until: string;
  /** Whether image builder has been asked to cancel the run. */
  asked: boolean;
  /** Looks of earlier generations. */
  looked: number;
}

/** There was no run, it was over already, it has ended now, or nobody knows that it has. */
export type EndedRun = "none" | "over" | "ended" | "goes on";

/** Ends an attempt's run if one is under way: a template cannot be deleted before, and its log is not whole. */
export const endRun: Orchestrator<Ending, EndedRun> = {
  name: "endRun",
  *body(context, ending) {
    const act = callsOf<BuildActivities>(context, A_LOOK);
    let { asked } = ending;
    const last = ending.looked + LOOKS_A_GENERATION;
    for (let look = ending.looked; look < last; look++) {
      const template = yield* tryToLook(context, act, ending.attempt);
      const run = template?.kind === "present" ? template.run : undefined;
      const wouldShow = secondsSince(context, ending.runAskedAt) > RUN_SHOWS_UP_SECONDS;
      if (template && !run && (template.kind !== "present" || wouldShow)) return asked ? "ended" : "none";
      if (run && isFinal(run)) return asked ? "ended" : "over";
      // A run that nobody can see may be under way; a request to cancel that got lost is sent again.
      if (!asked) asked = (yield* orNothing(act.cancelRun(ending.attempt))) === "accepted";
      const over = secondsSince(context, ending.until);
      if (over > 0) return "goes on";
      // After hours it is looked at seldom, and access must not be held for that.
      yield* pause(context, Math.min(jittered(context, secondsToNextLook(look)), 1 - over));
    }
    return startAnew(context, { ...ending, asked, looked: last } satisfies Ending);
  },
};
