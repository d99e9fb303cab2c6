import type { BuildActivities } from "../activities/index.ts";
import type { Attempt } from "../domain/plan.ts";
import { secondsToNextPoll } from "../domain/pollCadence.ts";
import { isFinal, type RunEnd, type RunPhase, type RunProgress } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import type { Rest } from "../durable/patience.ts";
import { now, secondsSince, startAnew } from "../durable/time.ts";
import { tryToLook } from "./look.ts";
import { type Lookout, lookout, type Next } from "./lookout.ts";
import { A_LOOK, RUN_SHOWS_UP_SECONDS } from "./patience.ts";

export interface Wait {
  attempt: Attempt;
  /** When the run was asked for, ISO 8601. */
  askedAt: string;
  expectedSeconds: number;
  /** ISO 8601. */
  deadline: string;
  /** Those that earlier generations have seen; absent in the first. */
  phases?: RunPhase[];
  lookout: Lookout;
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
    const watch = lookout(context, wait.lookout);
    // What Azure asks to wait is waited, but not beyond the time at which the run has to be ended: nor is anything then
    // that nobody has even tried, over and over without a pause.
    const rest: Rest = function* (seconds) {
      const left = -secondsSince(context, wait.deadline);
      return left > 0 && (yield* watch.rest(Math.min(seconds, left)));
    };
    const act = callsOf<BuildActivities>(context, A_LOOK, rest);
    const cadence = ({ eventsCome }: Lookout) =>
      secondsToNextPoll(secondsSince(context, wait.askedAt), wait.expectedSeconds, eventsCome);
    let next: Next;
    while ((next = yield* watch.next(cadence)) === "look") {
      const template = yield* tryToLook(context, act, wait.attempt);
      if (template && template.kind !== "present") return ended({ kind: "template-gone" });
      const run = template?.run;
      if (run?.phase && run.phase !== phases.at(-1)?.phase) {
        phases.push({ at: now(context).toISOString(), phase: run.phase });
        watch.news();
      }
      context.df.setCustomStatus({ phase: run?.phase ?? run?.state ?? "asked for", phases } satisfies RunProgress);

      if (run && isFinal(run)) return ended({ kind: run.state === "Succeeded" ? "succeeded" : "ended-badly", run });
      if (secondsSince(context, wait.deadline) > 0) return ended({ kind: "overdue", ...(run ? { run } : {}) });
      const asked = secondsSince(context, wait.askedAt);
      if (template && !run && asked > RUN_SHOWS_UP_SECONDS) return ended({ kind: "never-started" });
    }
    if (next === "stopped") return ended({ kind: "stopped" });
    return startAnew(context, { ...wait, phases, lookout: watch.state } satisfies Wait);
  },
};
