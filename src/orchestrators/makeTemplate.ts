import type { TemplateOrder } from "../activities/imageTemplate.ts";
import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import { lacksAccess, type Provisioning, provisioningFailure, type TemplateState } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { secondsSince, startAnew } from "../durable/time.ts";
import { tryToLook } from "./look.ts";
import { type Lookout, lookout, type Next } from "./lookout.ts";
import { A_LOOK, CREATION_SECONDS, secondsToNextLook, USUAL } from "./patience.ts";

export interface Making extends TemplateOrder {
  /** Whether Azure has taken it. */
  asked: boolean;
  /** ISO 8601. */
  since: string;
  lookout: Lookout;
}

/** How it went. What may have passed by itself with the propagation of a grant says so. */
export type Made =
  /** And whether an event has come meanwhile. */
  { kind: "made"; eventsCome: boolean } | { kind: "refused"; failure: Failure; lacksAccess: boolean };

/**
 * Creates an attempt's template, and waits until Azure has accepted or refused it. It removes nothing: that is owed by
 * whoever asks for it, from before it begins.
 */
export const makeTemplate: Orchestrator<Making, Made> = {
  name: "makeTemplate",
  *body(context, { asked, since, lookout: before, ...order }) {
    const { attempt } = order;
    const watch = lookout(context, before);
    const look = callsOf<BuildActivities>(context, A_LOOK, watch.rest);
    if (!asked) {
      try {
        yield* callsOf<BuildActivities>(context, USUAL, watch.rest).createTemplate(order);
      } catch (error) {
        if (error instanceof StepFailed) return { kind: "refused", failure: error.failure, lacksAccess: false };
        throw error;
      }
    }

    let next: Next;
    while ((next = yield* watch.next(({ looked }) => secondsToNextLook(looked))) === "look") {
      const provisioning = provisioningOf(yield* tryToLook(context, look, attempt));
      if (provisioning?.state === "Succeeded") return { kind: "made", eventsCome: watch.state.eventsCome };
      if (provisioning && !["Creating", "Updating"].includes(provisioning.state)) return refused(provisioning);
      if (secondsSince(context, since) > CREATION_SECONDS) {
        return refused({ state: "Creating", errorMessage: "Image builder has not finished creating the template." });
      }
    }
    if (next === "stopped") {
      return refused({ state: "Creating", errorMessage: "Nobody waits for the template any more." });
    }
    return startAnew(context, { ...order, asked: true, since, lookout: watch.state } satisfies Making);
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
