import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { stagingGroupLeft, templateLeft } from "../domain/leftover.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Leftover } from "../domain/receipt.ts";
import { isFinal, type Provisioning } from "../domain/templateState.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import type { Settled } from "../durable/debts.ts";
import { pause } from "../durable/time.ts";
import { LOOK_PAUSES_SECONDS } from "./patience.ts";

/** Creates an attempt's template and waits until Azure has accepted or refused it. */
export function* createTemplate(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  plan: Plan,
  attempt: Attempt,
): Steps<Provisioning> {
  yield* act.createTemplate({ template: plan.template, attempt });
  for (const seconds of LOOK_PAUSES_SECONDS) {
    yield* pause(context, seconds);
    const template = yield* act.readTemplate(attempt);
    if (template.kind === "absent") return { state: "Deleted", errorMessage: "Somebody else deleted the template." };
    if (!["Creating", "Updating"].includes(template.provisioning.state)) return template.provisioning;
  }
  return { state: "Creating", errorMessage: "Image builder has not finished creating the template." };
}

/** Ends an attempt's run if one is under way: a template cannot be deleted before. */
export function* endRun(
  context: OrchestrationContext,
  tidy: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<undefined> {
  let asked = false;
  for (const seconds of LOOK_PAUSES_SECONDS) {
    const template = yield* tidy.readTemplate(attempt);
    if (template.kind === "absent" || !template.run || isFinal(template.run)) return undefined;
    if (!asked) yield* tidy.cancelRun(attempt);
    asked = true;
    yield* pause(context, seconds);
  }
  return undefined;
}

/** Deletes an attempt's template and sees it and its staging resource group gone. */
export function* deleteTemplate(
  context: OrchestrationContext,
  tidy: Calls<BuildActivities>,
  plan: Plan,
  attempt: Attempt,
): Steps<Settled<Leftover>> {
  let deleted = false;
  for (const seconds of LOOK_PAUSES_SECONDS) {
    deleted = (yield* tidy.deleteTemplate(attempt)) === "absent";
    if (deleted) break;
    yield* pause(context, seconds);
  }
  if (!deleted) return templateLeft(plan, attempt, "Azure did not delete the template in time.");

  for (const seconds of LOOK_PAUSES_SECONDS) {
    if (!(yield* tidy.stagingGroupExists(attempt))) return undefined;
    yield* pause(context, seconds);
  }
  return stagingGroupLeft(attempt, "The template is deleted, and its staging resource group is still there.");
}
