import type { BuildActivities } from "../activities/index.ts";
import type { Approval } from "../domain/approval.ts";
import { callsOf } from "../durable/activities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { secondsSince, startAnew } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { LOOKS_A_GENERATION, PATIENT } from "./patience.ts";

/** What is waited for. */
export interface Undecided {
  image: string;
  buildId: string;
  planHash: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** Seconds between two looks; the door wakes whom it has kept a decision for, so this is for wake-ups that got lost. */
const LOOK_AGAIN_SECONDS = 1800;

/** Waits for somebody's decision on a build, until it expires. */
export const waitForApproval: Orchestrator<Undecided, Approval | { kind: "stopped" }> = {
  name: "waitForApproval",
  *body(context, undecided) {
    const act = callsOf<BuildActivities>(context, PATIENT);
    const { image, buildId, planHash, expiresAt } = undecided;
    let woken = interruption<Wake>(context, WAKE);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      const left = -secondsSince(context, expiresAt);
      const isOver = left <= 0;
      const decision = yield* isOver
        ? act.expireApproval({ image, buildId, planHash })
        : act.readDecision({ image, buildId, planHash });
      if (decision) return { kind: "decided", decision };
      if (isOver) return { kind: "expired" };
      if (yield* woken.pause(Math.min(LOOK_AGAIN_SECONDS, left))) continue;
      if (woken.told?.stop) return { kind: "stopped" };
      woken = interruption<Wake>(context, WAKE);
    }
    return startAnew(context, undecided);
  },
};
