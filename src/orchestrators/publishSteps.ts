import type { OrchestrationContext } from "durable-functions";
import { advise } from "../domain/advice.ts";
import { publishChildOf } from "../domain/buildId.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import type { Plan } from "../domain/plan.ts";
import type { Outcome } from "../domain/receipt.ts";
import { readFailure } from "../durable/answer.ts";
import type { Steps } from "../durable/call.ts";
import { child } from "../durable/orchestrator.ts";
import { now } from "../durable/time.ts";
import type { approvalSteps } from "./approvalSteps.ts";
import type { buildRecord } from "./buildRecord.ts";
import { Cancelled } from "./cancellation.ts";
import { publishVersion } from "./publishVersion.ts";

/**
 * Lets what a build has made become the latest, once somebody has approved that. By then all is cleaned up. Whatever ends
 * it otherwise leaves what was made as it is, kept out of what latest means.
 */
export function* publishSteps(
  context: OrchestrationContext,
  record: ReturnType<typeof buildRecord>,
  approval: ReturnType<typeof approvalSteps>,
  plan: Plan,
  built: Extract<Outcome, { kind: "built" }>,
): Steps<Outcome> {
  const { imageVersions } = built;
  const failed = (failure: Failure): Outcome => ({ kind: "failed", failure, imageVersions });
  // What is not known cannot be approved, and is not published.
  if (imageVersions.length < plan.images) {
    const told = `Azure tells ${imageVersions.length} of the ${plan.images} image versions that the run made.`;
    return failed(advise("versions-not-told", told));
  }
  try {
    const approved = yield* approval.waitToPublish(plan, imageVersions);
    if (approved.kind === "not approved") return { kind: "refused", findings: [approved.finding], imageVersions };
    record.phase("publishing");
    for (const [index, id] of imageVersions.entries()) {
      record.publishes(id);
      const since = now(context).toISOString();
      const name = `${plan.buildId}-${publishChildOf(index + 1)}`;
      const ended = yield* child(context, publishVersion, { id, asked: false, since, looked: 0 }, name);
      if (ended.kind === "refused") throw new StepFailed(ended.failure);
      record.published(id);
    }
    return built;
  } catch (error) {
    if (error instanceof Cancelled) return { kind: "cancelled", ...error.request, imageVersions };
    return failed(readFailure(error).failure);
  }
}
