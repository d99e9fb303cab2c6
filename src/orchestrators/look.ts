import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Attempt } from "../domain/plan.ts";
import type { TemplateState } from "../domain/templateState.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { pause } from "../durable/time.ts";
import { GONE_PAUSE_SECONDS, LOOKS_UNTIL_GONE } from "./patience.ts";

/** Asks; that something is gone is believed only when it is said repeatedly. */
export function* unlessGone<T>(
  context: OrchestrationContext,
  ask: () => Steps<T>,
  isGone: (answer: T) => boolean,
): Steps<T> {
  for (let look = 1; ; look++) {
    const answer = yield* ask();
    if (!isGone(answer) || look === LOOKS_UNTIL_GONE) return answer;
    yield* pause(context, GONE_PAUSE_SECONDS);
  }
}

/** Reads an attempt's template. */
export function* lookAt(
  context: OrchestrationContext,
  calls: Calls<BuildActivities>,
  attempt: Attempt,
): Steps<TemplateState> {
  function* read(): Steps<TemplateState> {
    return yield* calls.readTemplate(attempt);
  }
  return yield* unlessGone(context, read, ({ kind }) => kind !== "present");
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
