import type { BuildActivities } from "../activities/index.ts";
import type { Attempt } from "../domain/plan.ts";
import { secondsToNextPoll } from "../domain/pollCadence.ts";
import { isFinal, type RunEnd, type RunPhase, type RunProgress } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import type { Rest } from "../durable/patience.ts";
import { jittered, now, secondsSince, startAnew } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { tryToLook } from "./look.ts";
import { A_LOOK, LOOKS_A_GENERATION, RUN_SHOWS_UP_SECONDS } from "./patience.ts";

export interface Wait {
  attempt: Attempt;
  /** When the run was asked for, ISO 8601. */
  askedAt: string;
  expectedSeconds: number;
  /** ISO 8601. */
  deadline: string;
  /** Those that earlier generations have seen; absent in the first. */
  phases?: RunPhase[];
}

/**
 * Waits for the end of a run, looking seldom, and at once when it is woken. It holds nothing that needs cleaning up, so
 * it may start anew, which drops whatever clean-up an orchestrator has.
 */
export const waitForRun: Orchestrator<Wait, RunEnd> = {
  name: "waitForRun",
  *body(context, wait) {
    const phases = [...(wait.phases ?? [])];
    const ended = (end: RunEnd): RunEnd => ({ ...end, phases });
    let woken = interruption<Wake>(context, WAKE);
    // What Azure asks to wait is waited, but not beyond the time at which the run has to be ended: nor is anything then
    // that nobody has even tried, over and over without a pause.
    const rest: Rest = function* (seconds) {
      const left = -secondsSince(context, wait.deadline);
      return left > 0 && (yield* woken.pause(Math.min(seconds, left)));
    };
    const act = callsOf<BuildActivities>(context, A_LOOK, rest);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      const seconds = secondsToNextPoll(secondsSince(context, wait.askedAt), wait.expectedSeconds);
      if (!(yield* woken.pause(jittered(context, seconds)))) {
        if (woken.told?.stop) return ended({ kind: "stopped" });
        woken = interruption<Wake>(context, WAKE);
      }

      const template = yield* tryToLook(context, act, wait.attempt);
      if (template && template.kind !== "present") return ended({ kind: "template-gone" });
      const run = template?.run;
      if (run?.phase && run.phase !== phases.at(-1)?.phase) {
        phases.push({ at: now(context).toISOString(), phase: run.phase });
      }
      context.df.setCustomStatus({ phase: run?.phase ?? run?.state ?? "asked for", phases } satisfies RunProgress);

      if (run && isFinal(run)) return ended({ kind: run.state === "Succeeded" ? "succeeded" : "ended-badly", run });
      if (secondsSince(context, wait.deadline) > 0) return ended({ kind: "overdue", ...(run ? { run } : {}) });
      const asked = secondsSince(context, wait.askedAt);
      if (template && !run && asked > RUN_SHOWS_UP_SECONDS) return ended({ kind: "never-started" });
    }
    return startAnew(context, { ...wait, phases });
  },
};
