import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import { NOT_READ_BACK } from "../domain/leftover.ts";
import type { Attempt } from "../domain/plan.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { pause, secondsSince, startAnew } from "../durable/time.ts";
import { orNothing } from "./look.ts";
import { A_LOOK, DELETION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook } from "./patience.ts";

export interface Removal {
  attempt: Attempt;
  /** ISO 8601. */
  since: string;
  /** Looks of earlier generations. */
  looked: number;
  /** Whether there was anything to remove. */
  found: boolean;
}

/** How a removal ended: what is left, and why. */
export interface Removed {
  found: boolean;
  left: "nothing" | "template" | "staging group" | "template and staging group";
  /** Empty where nothing is left. */
  why: string;
}

/** Deletes an attempt's template, as often as Azure refuses, and sees it and its staging resource group gone. */
export const removeTemplate: Orchestrator<Removal, Removed> = {
  name: "removeTemplate",
  *body(context, removal) {
    const act = callsOf<BuildActivities>(context, A_LOOK);
    let { found } = removal;
    const last = removal.looked + LOOKS_A_GENERATION;
    for (let look = removal.looked; look < last; look++) {
      const seen = yield* tryToRemove(act, removal.attempt);
      if (seen.left === "nothing") return { ...seen, found };
      found = true;
      if (secondsSince(context, removal.since) > DELETION_SECONDS) {
        return { ...(yield* withoutGoneGroup(act, removal.attempt, seen)), found };
      }
      yield* pause(context, secondsToNextLook(look));
    }
    return startAnew(context, { ...removal, found, looked: last } satisfies Removal);
  },
};

/** Somebody else may have removed the staging resource group of a template that cannot be deleted. */
function* withoutGoneGroup(
  act: Calls<BuildActivities>,
  attempt: Attempt,
  seen: Omit<Removed, "found">,
): Steps<Omit<Removed, "found">> {
  if (seen.left !== "template and staging group") return seen;
  const isThere = yield* orNothing(act.stagingGroupExists(attempt));
  return isThere === false ? { ...seen, left: "template" } : seen;
}

/** One round: asks for the deletion, and where the template is gone, whether its staging resource group is. */
function* tryToRemove(act: Calls<BuildActivities>, attempt: Attempt): Steps<Omit<Removed, "found">> {
  const both = "template and staging group";
  try {
    const deletion = yield* act.deleteTemplate(attempt);
    if (deletion === "accepted") return { left: both, why: "Azure has not deleted the template yet." };
    if (deletion === "refused") {
      // A run that nobody could see or cancel before may still go on.
      yield* orNothing(act.cancelRun(attempt));
      return { left: both, why: "Azure does not delete the template while it is being created or run." };
    }
    if (!(yield* act.stagingGroupExists(attempt))) return { left: "nothing", why: "" };
    return { left: "staging group", why: "The template is gone, and its staging resource group is still there." };
  } catch (error) {
    if (error instanceof StepFailed) return { left: both, why: `${NOT_READ_BACK}: ${error.message}` };
    throw error;
  }
}
