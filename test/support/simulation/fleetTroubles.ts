import type { RequestFaultInput } from "../../../local/azure/control/requestFault.ts";
import type { CrashPoint } from "../../../local/functionsHost/testing/faults.ts";
import { chanceOf } from "../../../local/chance.ts";
import { eventTroublesOf, type Troubles } from "./troubles.ts";

/** Of all of Azure's answers a tenth are faulty: so large a part of them by each kind. */
const FAULTS: readonly [number, RequestFaultInput][] = [
  [0.02, { kind: "respond", status: 500, code: "InternalServerError" }],
  [0.02, { kind: "respond", status: 503, code: "ServiceUnavailable" }],
  [0.01, { kind: "respond", status: 429, code: "TooManyRequests", headers: { "Retry-After": "17" } }],
  [0.01, { kind: "respond", status: 429, code: "TooManyRequests" }],
  [0.015, { kind: "reset" }],
  [0.015, { kind: "loseReply" }],
  [0.005, { kind: "delay", delaySeconds: 45 }],
  [0.0025, { kind: "hang" }],
  [0.0025, { kind: "hang", executed: true }],
];

/** Requests of the service; what the local Azure's own console asks is spared. */
const PATH = "^/(subscriptions|[a-z0-9]+/packerlogs)";

export function fleetTroublesOf(seed: number): Troubles {
  const chance = chanceOf(seed, "fleet crashes");
  let crashes = chance.whole(0, 12);
  const { events, told } = eventTroublesOf(seed);
  return {
    ...(events && { events }),
    told: ["a tenth of Azure's answers are faulty", `${crashes} crashes of the host`, ...told],
    faults: FAULTS.map(([probability, fault]) => Object.assign({ path: PATH, probability }, fault)),
    duplicateActivities: 0.05,
    latestDeliveryMilliseconds: 1000,
    crash: (_: CrashPoint) => {
      if (crashes === 0 || !chance.happens(0.004)) return false;
      crashes -= 1;
      return true;
    },
  };
}
