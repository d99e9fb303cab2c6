import type { TemplateOrder } from "../activities/imageTemplate.ts";
import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import { lacksAccess, type Provisioning, provisioningFailure, type TemplateState } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import type { Rest } from "../durable/patience.ts";
import { jittered, secondsSince, startAnew } from "../durable/time.ts";
import { WAKE } from "../durable/wake.ts";
import { tryToLook } from "./look.ts";
import { A_LOOK, CREATION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook, USUAL } from "./patience.ts";

export interface Making extends TemplateOrder {
  /** Whether Azure has taken it. */
  asked: boolean;
  /** ISO 8601. */
  since: string;
  /** Looks of earlier generations. */
  looked: number;
}

/** How it went. What may have passed by itself with the propagation of a grant says so. */
export type Made = { kind: "made" } | { kind: "refused"; failure: Failure; lacksAccess: boolean };

/**
 * Creates an attempt's template, and waits until Azure has accepted or refused it. It removes nothing: that is owed by
 * whoever asks for it, from before it begins.
 */
export const makeTemplate: Orchestrator<Making, Made> = {
  name: "makeTemplate",
  *body(context, { asked, since, looked, ...order }) {
    const { attempt } = order;
    const woken = interruption(context, WAKE);
    const rest: Rest = (seconds) => woken.pause(seconds);
    const look = callsOf<BuildActivities>(context, A_LOOK, rest);
    if (!asked) {
      try {
        yield* callsOf<BuildActivities>(context, USUAL, rest).createTemplate(order);
      } catch (error) {
        if (error instanceof StepFailed) return { kind: "refused", failure: error.failure, lacksAccess: false };
        throw error;
      }
    }

    const last = looked + LOOKS_A_GENERATION;
    for (let number = looked; number < last; number++) {
      const undisturbed = yield* woken.pause(jittered(context, secondsToNextLook(number)));
      if (!undisturbed) return refused({ state: "Creating", errorMessage: "Nobody waits for the template any more." });

      const provisioning = provisioningOf(yield* tryToLook(context, look, attempt));
      if (provisioning?.state === "Succeeded") return { kind: "made" };
      if (provisioning && !["Creating", "Updating"].includes(provisioning.state)) return refused(provisioning);
      if (secondsSince(context, since) > CREATION_SECONDS) {
        return refused({ state: "Creating", errorMessage: "Image builder has not finished creating the template." });
      }
    }
    return startAnew(context, { ...order, asked: true, since, looked: last } satisfies Making);
  },
};

function provisioningOf(seen: TemplateState | undefined): Provisioning | undefined {
  if (seen?.kind === "present") return seen.provisioning;
  return seen && { state: "Deleted", errorMessage: "The template is not there any more." };
}

function refused(provisioning: Provisioning): Made {
  const { code, message } = provisioningFailure(provisioning);
  return { kind: "refused", failure: advise(code, message), lacksAccess: lacksAccess(provisioning) };
}
