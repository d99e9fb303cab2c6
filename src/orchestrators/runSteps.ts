import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { waitOf } from "../domain/buildId.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Outcome } from "../domain/receipt.ts";
import { sameId } from "../domain/resourceId.ts";
import { type RunEnd, runFailure, secondsOf } from "../domain/templateState.ts";
import type { Steps } from "../durable/call.ts";
import { stubbornCallsOf } from "../durable/keepTrying.ts";
import { later, now } from "../durable/time.ts";
import type { buildRecord } from "./buildRecord.ts";
import type { cancellation } from "./cancellation.ts";
import { orNothing } from "./look.ts";
import { firstLookout } from "./lookout.ts";
import { OUTPUT } from "./patience.ts";
import { waitForRun } from "./waitForRun.ts";

/**
 * Waits for the end of a run that has been asked for.
 *
 * @param eventsCome whether an event has come of the template.
 */
export function* followRun(
  context: OrchestrationContext,
  record: ReturnType<typeof buildRecord>,
  cancel: ReturnType<typeof cancellation>,
  plan: Plan,
  attempt: Attempt,
  eventsCome: boolean,
): Steps<RunEnd> {
  const wait = {
    attempt,
    askedAt: now(context).toISOString(),
    expectedSeconds: plan.expectedRunSeconds,
    deadline: later(context, plan.runMinutes * 60),
    lookout: firstLookout(eventsCome),
  };
  const name = waitOf(attempt.number);
  record.waits(`${context.df.instanceId}-${name}`);
  return yield* cancel.child(waitForRun, wait, name, ({ phases }) => record.wentThrough(phases ?? []));
}

/** What a run that has ended means for the build. */
export function* outcomeOf(
  context: OrchestrationContext,
  plan: Plan,
  attempt: Attempt,
  end: Exclude<RunEnd, { kind: "never-started" }>,
): Steps<Outcome> {
  if (end.kind === "succeeded") {
    const imageVersions = yield* versionsOf(context, attempt, plan.images);
    return { kind: "built", imageVersions, runSeconds: secondsOf(end.run) };
  }
  const { code, message } = runFailure(end);
  return { kind: "failed", failure: advise(code, message) };
}

/** What a run has made that did not succeed: image builder tells nothing then of what lies in a gallery already. */
export function* versionsMade(
  context: OrchestrationContext,
  attempt: Attempt,
  { image, buildId, sentHash }: Pick<Plan, "image" | "buildId" | "sentHash">,
): Steps<string[]> {
  const told = yield* versionsOf(context, attempt, 0);
  const act = stubbornCallsOf<BuildActivities>(context, OUTPUT);
  const found = (yield* orNothing(act.findImageVersions({ image, buildId, sentHash }))) ?? [];
  return [...told, ...found.filter((one) => !told.some((other) => sameId(one, other)))];
}

/** The images that a run has made, as far as Azure tells; that it does not is no reason to fail a build. */
function* versionsOf(context: OrchestrationContext, attempt: Attempt, expected: number): Steps<string[]> {
  const act = stubbornCallsOf<BuildActivities>(context, OUTPUT);
  return (yield* orNothing(act.readImageVersions({ attempt, expected }))) ?? [];
}
