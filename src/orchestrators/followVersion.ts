import type { FollowActivities, Following } from "../activities/follow.ts";
import { stubbornCallsOf, wordlessChildOf } from "../durable/keepTrying.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { now, pause, secondsSince, startAnew } from "../durable/time.ts";
import { LOOKS_A_GENERATION, PATIENT, secondsToNextLook } from "./patience.ts";

/** Looks after a new version of something that images are built on, until each that follows it is started or left out. */
export const followVersion: Orchestrator<Following & { looked: number }, "done"> = {
  name: "followVersion",
  *body(context, { looked, ...following }) {
    const act = stubbornCallsOf<FollowActivities>(context, PATIENT, wordlessChildOf(context));
    for (let look = looked; look < looked + LOOKS_A_GENERATION; look++) {
      const { waits, until } = yield* act.startFollowers({ ...following, at: now(context).toISOString() });
      if (!waits) return "done";
      // Timers may be a second early.
      yield* pause(context, until === undefined ? secondsToNextLook(look) : 1 - secondsSince(context, until));
    }
    return startAnew(context, { ...following, looked: looked + LOOKS_A_GENERATION });
  },
};
