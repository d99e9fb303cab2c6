import type { BuildActivities } from "../activities/index.ts";
import type { Attempt } from "../domain/plan.ts";
import type { Provisioning } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { secondsSince, startAnew } from "../durable/time.ts";
import { WAKE } from "../durable/wake.ts";
import { tryToLook } from "./look.ts";
import { A_LOOK, CREATION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook } from "./patience.ts";

export interface TemplateWait {
  attempt: Attempt;
  /** When the template was asked for, ISO 8601. */
  askedAt: string;
  /** Looks of earlier generations. */
  looked: number;
}

/** Waits until Azure has accepted or refused a template that it was asked to create. */
export const waitForTemplate: Orchestrator<TemplateWait, Provisioning> = {
  name: "waitForTemplate",
  *body(context, wait) {
    const act = callsOf<BuildActivities>(context, A_LOOK);
    const woken = interruption(context, WAKE);
    const last = wait.looked + LOOKS_A_GENERATION;
    for (let look = wait.looked; look < last; look++) {
      const undisturbed = yield* woken.pause(secondsToNextLook(look));
      if (!undisturbed) return { state: "Creating", errorMessage: "Nobody waits for the template any more." };

      const template = yield* tryToLook(context, act, wait.attempt);
      if (template?.kind === "absent") {
        return { state: "Deleted", errorMessage: "The template is not there any more." };
      }
      if (template && !["Creating", "Updating"].includes(template.provisioning.state)) return template.provisioning;
      if (secondsSince(context, wait.askedAt) > CREATION_SECONDS) {
        return { state: "Creating", errorMessage: "Image builder has not finished creating the template." };
      }
    }
    return startAnew(context, { ...wait, looked: last } satisfies TemplateWait);
  },
};
