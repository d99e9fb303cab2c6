import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { waitInstanceOf } from "../domain/buildId.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Outcome } from "../domain/receipt.ts";
import { type RunEnd, runFailure, secondsOf } from "../domain/templateState.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { child } from "../durable/orchestrator.ts";
import { later, now, pause } from "../durable/time.ts";
import type { buildRecord } from "./buildRecord.ts";
import { OUTPUT_PAUSES } from "./patience.ts";
import { lookAt } from "./templateSteps.ts";
import { waitForRun } from "./waitForRun.ts";

/** Waits for the end of a run that has been asked for; one that begins late is waited for as well. */
export function* followRun(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  record: ReturnType<typeof buildRecord>,
  plan: Plan,
  attempt: Attempt,
): Steps<RunEnd> {
  const wait = {
    attempt,
    askedAt: now(context).toISOString(),
    expectedSeconds: plan.expectedRunSeconds,
    deadline: later(context, plan.runMinutes * 60),
  };
  const instance = waitInstanceOf(plan.buildId, attempt.number);
  record.waits(instance);
  const end = yield* child(context, waitForRun, wait, instance);
  if (end.kind !== "never-started") return end;

  const late = yield* lookAt(context, act, attempt);
  if (late.kind === "absent" || !late.run) return end;
  record.waits(`${instance}-late`);
  return yield* child(context, waitForRun, wait, `${instance}-late`);
}

/** What a run that has ended means for the build. */
export function* outcomeOf(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  attempt: Attempt,
  end: Exclude<RunEnd, { kind: "never-started" }>,
): Steps<Outcome> {
  if (end.kind === "succeeded") {
    const imageVersions = yield* versionsOf(context, act, attempt, OUTPUT_PAUSES);
    return { kind: "built", imageVersions, runSeconds: secondsOf(end.run) };
  }
  const { code, message } = runFailure(end);
  const failure = advise(code, message);
  if (end.kind !== "ended-badly") return { kind: "failed", failure };
  // A run can fail after it has made its image.
  const imageVersions = yield* versionsOf(context, act, attempt, [0]);
  return { kind: "failed", failure, ...(imageVersions.length > 0 ? { imageVersions } : {}) };
}

/** The image versions that a run has made, as far as Azure tells; that it does not is no reason to fail a build. */
function* versionsOf(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  attempt: Attempt,
  pauses: readonly number[],
): Steps<string[]> {
  for (const seconds of pauses) {
    if (seconds > 0) yield* pause(context, seconds);
    try {
      const versions = yield* act.readImageVersions(attempt);
      if (versions.length > 0) return versions;
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    }
  }
  return [];
}
