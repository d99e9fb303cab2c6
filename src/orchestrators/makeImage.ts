import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import type { BuildsImage, ImportedImage } from "../domain/importedImage.ts";
import { callsOf } from "../durable/activities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, secondsSince, startAnew } from "../durable/time.ts";
import { WAKE } from "../durable/wake.ts";
import { orNothing, unlessGone } from "./look.ts";
import { A_LOOK, CREATION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook, USUAL } from "./patience.ts";

export interface ImageMaking extends BuildsImage<ImportedImage> {
  /** Whether Azure has taken it. */
  asked: boolean;
  /** ISO 8601. */
  since: string;
  /** Looks of earlier generations. */
  looked: number;
}

export type ImageMade = { kind: "made" } | { kind: "refused"; failure: Failure };

/** Makes a managed image of a VHD, and waits for it. It removes nothing: that is owed by whoever asks for it. */
export const makeImage: Orchestrator<ImageMaking, ImageMade> = {
  name: "makeImage",
  *body(context, { asked, since, looked, ...order }) {
    const woken = interruption(context, WAKE);
    const rest = (seconds: number) => woken.pause(seconds);
    const look = callsOf<BuildActivities>(context, A_LOOK, rest);
    if (!asked) {
      try {
        yield* callsOf<BuildActivities>(context, USUAL, rest).createImage(order);
      } catch (error) {
        if (error instanceof StepFailed) return { kind: "refused", failure: error.failure };
        throw error;
      }
    }

    function* read() {
      return yield* look.readImage(order);
    }
    const last = looked + LOOKS_A_GENERATION;
    for (let number = looked; number < last; number++) {
      const undisturbed = yield* woken.pause(jittered(context, secondsToNextLook(number)));
      if (!undisturbed) return refused("Nobody waits for the managed image any more.");

      const seen = yield* orNothing(unlessGone(context, read, ({ kind }) => kind === "absent"));
      if (seen?.kind === "absent") return refused("The managed image is not there any more.");
      if (seen?.kind === "foreign") {
        return { kind: "refused", failure: advise("image-name-taken", `${seen.id} is there.`) };
      }
      if (seen?.state === "Succeeded") return { kind: "made" };
      if (seen && !["Creating", "Updating"].includes(seen.state)) {
        return refused(`Azure ended the managed image of ${order.image.vhd} in the state ${seen.state}.`);
      }
      if (secondsSince(context, since) > CREATION_SECONDS) return refused("Azure has not finished the managed image.");
    }
    return startAnew(context, { ...order, asked: true, since, looked: last } satisfies ImageMaking);
  },
};

function refused(message: string): ImageMade {
  return { kind: "refused", failure: advise("import-failed", message) };
}
