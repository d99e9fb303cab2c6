import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { StepFailed } from "../domain/failure.ts";
import { NOT_READ_BACK } from "../domain/leftover.ts";
import type { Orphan } from "../domain/lostReceipt.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { secondsSince, startAnew } from "../durable/time.ts";
import { orNothing, tryToLook, unlessGone } from "./look.ts";
import { type Lookout, lookout, type Next } from "./lookout.ts";
import { A_LOOK, secondsToNextDeletionLook } from "./patience.ts";

export interface Removal extends Pick<Plan, "image" | "buildId"> {
  attempt: Attempt;
  /** What goes with the template, of a build that had a run; kept first. */
  orphan?: Orphan;
  /** ISO 8601. */
  since: string;
  /** Seconds after which it gives up. */
  seconds: number;
  /** Whether it leaves off where a run may be under way: its log would go with the template. */
  sparesRun: boolean;
  /** Whether the template has been seen to be this service's. */
  proven: boolean;
  lookout: Lookout;
  /** Whether there was anything to remove. */
  found: boolean;
  /** Whether the template is gone, so that only its staging resource group is looked for. */
  gone: boolean;
}

/** How a removal ended: what is left, and why. */
export interface Removed {
  found: boolean;
  left: "nothing" | "template" | "staging group" | "template and staging group";
  /** Empty where nothing is left. */
  why: string;
  /** Azure does not delete it, since it is being run. */
  isRun?: true;
  /** Somebody else's template or resource group that has the attempt's name, and was left alone. */
  foreign?: string;
  /** Whether the template that is left has been seen to be this service's. */
  isTemplateProven?: boolean;
  /** Azure has taken its deletion. */
  isTaken?: true;
  /** Whether the staging resource group that is left has been seen to be image builder's. */
  isGroupProven?: boolean;
}

/** Deletes an attempt's template, as often as Azure refuses, and sees it and its staging resource group gone. */
export const removeTemplate: Orchestrator<Removal, Removed> = {
  name: "removeTemplate",
  *body(context, removal) {
    const watch = lookout(context, removal.lookout, "hints");
    const act = callsOf<BuildActivities>(context, A_LOOK, watch.rest);
    const { image, buildId, attempt, orphan } = removal;
    // An instance that is ended by force cannot say any more what it knows, and the template is gone by then.
    if (orphan) yield* orNothing(act.noteOrphan({ image, buildId, ...orphan }));

    let { found, gone, proven } = removal;
    // That it was seen in its run says nothing of a look that does not show it now.
    let isTaken = false;
    // A later generation begins with the wait that the one before has left off.
    let next: Next = removal.found ? yield* watch.next(secondsToNextDeletionLook) : "look";
    while (next === "look") {
      const seen: Omit<Removed, "found"> = yield* tryToRemove(context, act, { ...removal, gone }, isTaken);
      if (seen.left === "nothing" || seen.isRun) return { ...seen, found };
      found = true;
      proven ||= seen.isTemplateProven ?? false;
      isTaken ||= seen.isTaken ?? false;
      gone = seen.left === "staging group";
      if (secondsSince(context, removal.since) > removal.seconds) {
        return { ...(yield* withProof(context, act, attempt, { ...seen, isTemplateProven: proven })), found };
      }
      next = yield* watch.next(secondsToNextDeletionLook);
    }
    const { orphan: _, ...rest } = removal;
    return startAnew(context, { ...rest, found, gone, proven, lookout: watch.state } satisfies Removal);
  },
};

/** What cannot be deleted may be gone, or another's; so may be the staging resource group of a template. */
function* withProof(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  attempt: Attempt,
  seen: Omit<Removed, "found">,
): Steps<Omit<Removed, "found">> {
  if (seen.left !== "template and staging group") return seen;
  const template = yield* tryToLook(context, act, attempt);
  // Its staging resource group is its owner's too, whatever tags it has.
  if (template?.kind === "foreign") return { left: "nothing", why: "", foreign: attempt.templateName };
  const isTemplateProven = seen.isTemplateProven || template?.kind === "present";
  const group = yield* orNothing(act.readStagingGroup(attempt));
  if (group === "absent") return { ...seen, isTemplateProven, left: "template" };
  if (group === "foreign") {
    return { ...seen, isTemplateProven, left: "template", foreign: attempt.stagingResourceGroup };
  }
  return { ...seen, isTemplateProven, isGroupProven: isTemplateProven && group !== undefined };
}

/** One round: asks for the deletion, and where the template is gone, whether its staging resource group is. */
function* tryToRemove(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  { attempt, sparesRun, gone }: Removal,
  isTaken: boolean,
): Steps<Omit<Removed, "found">> {
  const both = "template and staging group";
  try {
    const deletion = gone ? "absent" : yield* deleteTemplate(context, act, attempt, isTaken);
    if (deletion === "accepted") {
      return { left: both, why: "Azure has not deleted the template yet.", isTemplateProven: true, isTaken: true };
    }
    if (deletion === "refused") {
      const why = "Azure does not delete the template while it is being created or run.";
      if (sparesRun) return { left: both, why, isRun: true, isTemplateProven: true };
      // A run that nobody could see or cancel before may still go on.
      yield* orNothing(act.cancelRun(attempt));
      return { left: both, why, isTemplateProven: true };
    }
    if (deletion === "foreign") return { left: "nothing", why: "", foreign: attempt.templateName };
    if (!(yield* act.stagingGroupExists(attempt))) return { left: "nothing", why: "" };
    const group = yield* act.readStagingGroup(attempt);
    if (group === "absent") return { left: "nothing", why: "" };
    if (group === "foreign") return { left: "nothing", why: "", foreign: attempt.stagingResourceGroup };
    const why = "The template is gone, and its staging resource group is still there.";
    return { left: "staging group", why, isGroupProven: true };
  } catch (error) {
    const left = gone ? "staging group" : both;
    if (error instanceof StepFailed) return { left, why: `${NOT_READ_BACK}: ${error.message}` };
    throw error;
  }
}

/** @param isTaken of one whose deletion Azure has taken, that it is gone is no surprise: its staging group confirms it. */
function* deleteTemplate(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  attempt: Attempt,
  isTaken: boolean,
) {
  function* ask() {
    return yield* act.deleteTemplate(attempt);
  }
  if (isTaken) return yield* ask();
  return yield* unlessGone(context, ask, (deletion) => deletion === "absent");
}
