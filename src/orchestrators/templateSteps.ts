import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import { stagingGroupLeft, templateLeft } from "../domain/leftover.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Leftover } from "../domain/receipt.ts";
import { isFinal, type Provisioning, type TemplateState } from "../domain/templateState.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { pause } from "../durable/time.ts";
import { CANCELLATION_PAUSES, OPERATION_PAUSES, GONE_PAUSE_SECONDS, LOOKS_UNTIL_GONE } from "./patience.ts";

/** Reads an attempt's template; that it is gone is believed only when it is said repeatedly. */
export function* lookAt(
  context: OrchestrationContext,
  calls: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<TemplateState> {
  for (let look = 1; ; look++) {
    const template = yield* calls.readTemplate(attempt);
    if (template.kind === "present" || look === LOOKS_UNTIL_GONE) return template;
    yield* pause(context, GONE_PAUSE_SECONDS);
  }
}

/** Creates an attempt's template and waits until Azure has accepted or refused it. */
export function* createTemplate(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  plan: Plan,
  attempt: Attempt,
): Steps<Provisioning> {
  yield* act.createTemplate({ template: plan.template, attempt });
  for (const seconds of OPERATION_PAUSES) {
    yield* pause(context, seconds);
    const template = yield* lookAt(context, act, attempt);
    if (template.kind === "absent") return { state: "Deleted", errorMessage: "The template is not there any more." };
    if (!["Creating", "Updating"].includes(template.provisioning.state)) return template.provisioning;
  }
  return { state: "Creating", errorMessage: "Image builder has not finished creating the template." };
}

/** How ending a run went: there was none under way, it has ended, or it goes on all the same. */
export type EndedRun = "none" | "ended" | "goes on";

/** Ends an attempt's run if one is under way: a template cannot be deleted before. */
export function* endRun(
  context: OrchestrationContext,
  tidy: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<EndedRun> {
  let asked = false;
  for (const seconds of CANCELLATION_PAUSES) {
    const template = yield* lookAt(context, tidy, attempt);
    if (template.kind === "absent" || !template.run || isFinal(template.run)) return asked ? "ended" : "none";
    if (!asked) yield* tidy.cancelRun(attempt);
    asked = true;
    yield* pause(context, seconds);
  }
  return "goes on";
}

/** Deletes an attempt's template and sees it and its staging resource group gone. */
export function* deleteTemplate(
  context: OrchestrationContext,
  tidy: Calls<BuildActivities>,
  plan: Plan,
  attempt: Attempt,
): Steps<{ found: boolean; left: Leftover[] }> {
  const deleted = yield* askToDelete(context, tidy, attempt);
  // Answers can be lost for hours to requests that were carried out: what is there counts.
  if (deleted.why && (yield* lookAt(context, tidy, attempt)).kind === "present") {
    return { found: true, left: bothLeft(plan, attempt, deleted.why) };
  }
  for (const seconds of OPERATION_PAUSES) {
    if (!(yield* tidy.stagingGroupExists(attempt))) return { found: deleted.found, left: [] };
    yield* pause(context, seconds);
  }
  const why = "The template is gone, and its staging resource group is still there.";
  const template = yield* tidy.readTemplate(attempt);
  const left = template.kind === "absent" ? [stagingGroupLeft(attempt, why)] : bothLeft(plan, attempt, why);
  return { found: true, left };
}

/** Asks Azure to delete a template until it says that there is none. @returns why it does not, where it does not. */
function* askToDelete(
  context: OrchestrationContext,
  tidy: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<{ found: boolean; why?: string }> {
  let found = false;
  try {
    for (const seconds of [...OPERATION_PAUSES, 0]) {
      if ((yield* tidy.deleteTemplate(attempt)) === "absent") return { found };
      found = true;
      if (seconds > 0) yield* pause(context, seconds);
    }
    return { found, why: "Azure did not delete the template in time." };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return { found: true, why: error.message };
  }
}

/** A template that is left has its staging resource group, whose storage is paid for. */
export function bothLeft(plan: Plan, attempt: Attempt, why: string): Leftover[] {
  return [templateLeft(plan, attempt, why), stagingGroupLeft(attempt, why)];
}
