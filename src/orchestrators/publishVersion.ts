import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, pause, secondsSince, startAnew } from "../durable/time.ts";
import { orNothing, unlessGone } from "./look.ts";
import { A_LOOK, CREATION_SECONDS, LOOKS_A_GENERATION, secondsToNextLook, USUAL } from "./patience.ts";

export interface Publishing {
  /** Of the image version. */
  id: string;
  /** Whether Azure has taken it. */
  asked: boolean;
  /** ISO 8601. */
  since: string;
  /** Looks of earlier generations. */
  looked: number;
}

export type Published = { kind: "published" } | { kind: "refused"; failure: Failure };

/** Lets an image version become the latest, and waits until it is. Once that is asked for, nobody stops it. */
export const publishVersion: Orchestrator<Publishing, Published> = {
  name: "publishVersion",
  *body(context, { id, asked, since, looked }) {
    if (!asked) {
      try {
        yield* callsOf<BuildActivities>(context, USUAL).includeInLatest({ id });
      } catch (error) {
        if (error instanceof StepFailed) return { kind: "refused", failure: error.failure };
        throw error;
      }
    }

    const look = callsOf<BuildActivities>(context, A_LOOK);
    function* read() {
      return yield* look.readVersionState({ id });
    }
    const last = looked + LOOKS_A_GENERATION;
    for (let number = looked; number < last; number++) {
      yield* pause(context, jittered(context, secondsToNextLook(number)));
      const seen = yield* orNothing(unlessGone(context, read, ({ kind }) => kind === "absent"));
      if (seen?.kind === "absent") return refused(`${id} is not there any more.`);
      if (seen?.state === "Succeeded" && !seen.isExcluded) return { kind: "published" };
      if (seen?.state === "Failed") return refused(`Azure ended the change of ${id} in the state ${seen.state}.`);
      // What has just been taken may not be shown yet.
      if (secondsSince(context, since) > CREATION_SECONDS) {
        return refused(`Azure has not made ${id} the latest, in the state ${seen?.state ?? "that is not known"}.`);
      }
    }
    return startAnew(context, { id, asked: true, since, looked: last } satisfies Publishing);
  },
};

function refused(message: string): Published {
  return { kind: "refused", failure: advise("publishing-failed", message) };
}
