import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Attempt } from "../domain/plan.ts";
import { secondsToNextPoll } from "../domain/pollCadence.ts";
import { isFinal, type RunEnd, type TemplateState } from "../domain/templateState.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { pause, secondsSince, startAnew } from "../durable/time.ts";
import { USUAL } from "./patience.ts";
import { lookAt } from "./templateSteps.ts";

export interface Wait {
  attempt: Attempt;
  /** When the run was asked for, ISO 8601. */
  askedAt: string;
  expectedSeconds: number;
  /** ISO 8601. */
  deadline: string;
}

/** Looks after which this orchestrator starts anew, so that its history stays short however long a run takes. */
const LOOKS_A_GENERATION = 25;
/** Within this time a run that was asked for shows up. */
const RUN_SHOWS_UP_SECONDS = 600;

/**
 * Waits for the end of a run, looking seldom. It holds nothing that needs cleaning up, so it may start anew, which
 * drops whatever clean-up an orchestrator has.
 */
export const waitForRun: Orchestrator<Wait, RunEnd> = {
  name: "waitForRun",
  *body(context, wait) {
    const act = callsOf<BuildActivities>(context, USUAL);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      yield* pause(context, secondsToNextPoll(secondsSince(context, wait.askedAt), wait.expectedSeconds));

      const template = yield* tryToLook(context, act, wait.attempt);
      if (template?.kind === "absent") return { kind: "template-gone" };
      const run = template?.run;
      context.df.setCustomStatus({ phase: run?.phase ?? run?.state ?? "asked for" });

      if (run && isFinal(run)) return { kind: run.state === "Succeeded" ? "succeeded" : "ended-badly", run };
      if (secondsSince(context, wait.deadline) > 0) return { kind: "overdue", ...(run ? { run } : {}) };
      const asked = secondsSince(context, wait.askedAt);
      if (template && !run && asked > RUN_SHOWS_UP_SECONDS) return { kind: "never-started" };
    }
    return startAnew(context, wait);
  },
};

/** A look that fails says nothing about the run: the next one will. */
function* tryToLook(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<TemplateState | undefined> {
  try {
    return yield* lookAt(context, act, attempt);
  } catch (error) {
    if (error instanceof StepFailed) return undefined;
    throw error;
  }
}
