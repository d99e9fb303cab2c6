import type { DeliveryActivities } from "../activities/deliverNotice.ts";
import type { Deliveries } from "../domain/callbacks/notice.ts";
import { callsOf } from "../durable/activities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, pause, startAnew } from "../durable/time.ts";
import { LOOKS_A_GENERATION, PATIENT } from "./patience.ts";

/** Delivers one notice after the other, each until it has arrived or is given up, and ends where there is none. */
export const deliverNotices: Orchestrator<Deliveries, "all told"> = {
  name: "deliverNotices",
  *body(context, deliveries) {
    const act = callsOf<DeliveryActivities>(context, PATIENT);
    for (let tried = 0; tried < LOOKS_A_GENERATION; tried++) {
      const next = yield* act.deliverNext(deliveries);
      if (next.kind === "nothing") return "all told";
      if (next.kind === "again") yield* pause(context, Math.max(jittered(context, next.seconds), next.leastSeconds));
    }
    return startAnew(context, deliveries);
  },
};
