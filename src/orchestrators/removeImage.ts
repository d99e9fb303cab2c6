import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { REMOVAL_SECONDS } from "../domain/buildId.ts";
import { StepFailed } from "../domain/failure.ts";
import type { BuildsImage } from "../domain/importedImage.ts";
import { NOT_READ_BACK } from "../domain/leftover.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, pause, secondsSince, startAnew } from "../durable/time.ts";
import { unlessGone } from "./look.ts";
import { A_LOOK, LOOKS_A_GENERATION, secondsToNextLook } from "./patience.ts";

export interface ImageRemoval extends BuildsImage {
  /** ISO 8601. */
  since: string;
  /** Looks of earlier generations. */
  looked: number;
  /** Whether there was anything to remove. */
  found: boolean;
  /** Whether it has been seen to be this build's. */
  proven: boolean;
}

/** How a removal ended. */
export type ImageRemoved =
  | { kind: "gone"; found: boolean }
  /** Somebody else's, which was left alone. */
  | { kind: "foreign" }
  | { kind: "left"; why: string; proven: boolean };

/** Deletes the managed image that a build has made of a VHD, as often as Azure refuses, and sees it gone. */
export const removeImage: Orchestrator<ImageRemoval, ImageRemoved> = {
  name: "removeImage",
  *body(context, { since, looked, found, proven, ...asked }) {
    const act = callsOf<BuildActivities>(context, A_LOOK);
    const last = looked + LOOKS_A_GENERATION;
    for (let look = looked; look < last; look++) {
      const seen = yield* tryToDelete(context, act, asked);
      if (seen === "absent") return { kind: "gone", found };
      if (seen === "foreign") return { kind: "foreign" };
      found = true;
      proven ||= seen === "accepted";
      if (secondsSince(context, since) > REMOVAL_SECONDS.atEnd) {
        const why = seen === "accepted" ? "Azure has not deleted the managed image." : seen.why;
        return { kind: "left", why, proven };
      }
      yield* pause(context, jittered(context, secondsToNextLook(look)));
    }
    return startAnew(context, { ...asked, since, looked: last, found, proven } satisfies ImageRemoval);
  },
};

function* tryToDelete(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  asked: BuildsImage,
): Steps<"accepted" | "absent" | "foreign" | { why: string }> {
  function* ask() {
    return yield* act.deleteImage(asked);
  }
  try {
    return yield* unlessGone(context, ask, (deletion) => deletion === "absent");
  } catch (error) {
    if (error instanceof StepFailed) return { why: `${NOT_READ_BACK}: ${error.message}` };
    throw error;
  }
}
