import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Attempt } from "../domain/plan.ts";
import type { TemplateState } from "../domain/templateState.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { pause } from "../durable/time.ts";
import { GONE_PAUSE_SECONDS, LOOKS_UNTIL_GONE } from "./patience.ts";

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

/** The same; a look that fails says nothing, and the next one will. */
export function* tryToLook(
  context: OrchestrationContext,
  calls: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<TemplateState | undefined> {
  return yield* orNothing(lookAt(context, calls, attempt));
}

/** Undefined where the step fails. */
export function* orNothing<T>(steps: { [Symbol.iterator](): Steps<T> }): Steps<T | undefined> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof StepFailed) return undefined;
    throw error;
  }
}
