import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { waitOf } from "../domain/buildId.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Outcome } from "../domain/receipt.ts";
import { type RunEnd, runFailure, secondsOf } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { later, now, pause } from "../durable/time.ts";
import type { buildRecord } from "./buildRecord.ts";
import type { cancellation } from "./cancellation.ts";
import { orNothing, tryToLook } from "./look.ts";
import { OUTPUT_PAUSES, USUAL } from "./patience.ts";
import { waitForRun } from "./waitForRun.ts";

/** Waits for the end of a run that has been asked for; one that begins late is waited for as well. */
export function* followRun(
  context: OrchestrationContext,
  record: ReturnType<typeof buildRecord>,
  cancel: ReturnType<typeof cancellation>,
  plan: Plan,
  attempt: Attempt,
): Steps<RunEnd> {
  const wait = {
    attempt,
    askedAt: now(context).toISOString(),
    expectedSeconds: plan.expectedRunSeconds,
    deadline: later(context, plan.runMinutes * 60),
  };
  const name = waitOf(attempt.number);
  record.waits(`${context.df.instanceId}-${name}`);
  const end = yield* cancel.child(waitForRun, wait, name);
  if (end.kind !== "never-started") return end;

  const late = yield* tryToLook(context, callsOf<BuildActivities>(context, USUAL), attempt);
  if (!late || late.kind === "absent" || !late.run) return end;
  record.waits(`${context.df.instanceId}-${name}-late`);
  return yield* cancel.child(waitForRun, wait, `${name}-late`);
}

/** What a run that has ended means for the build. */
export function* outcomeOf(
  context: OrchestrationContext,
  attempt: Attempt,
  end: Exclude<RunEnd, { kind: "never-started" }>,
): Steps<Outcome> {
  if (end.kind === "succeeded") {
    const imageVersions = yield* versionsOf(context, attempt, OUTPUT_PAUSES);
    return { kind: "built", imageVersions, runSeconds: secondsOf(end.run) };
  }
  const { code, message } = runFailure(end);
  return { kind: "failed", failure: advise(code, message) };
}

/** The image versions that a run has made, as far as Azure tells; that it does not is no reason to fail a build. */
export function* versionsOf(
  context: OrchestrationContext,
  attempt: Attempt,
  pauses: readonly number[],
): Steps<string[]> {
  const act = callsOf<BuildActivities>(context, USUAL);
  for (const seconds of pauses) {
    if (seconds > 0) yield* pause(context, seconds);
    const versions = yield* orNothing(act.readImageVersions(attempt));
    if (versions && versions.length > 0) return versions;
  }
  return [];
}
