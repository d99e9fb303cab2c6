import type { FaultInput } from "../../../local/azure/control/faultSchema.ts";
import { type Chance, chanceOf } from "../../../local/chance.ts";
import type { CrashPoint } from "../../../local/functionsHost/testing/faults.ts";

/** What goes wrong in one simulation. */
export interface Troubles {
  /** In words, for the timeline. */
  told: string[];
  faults: FaultInput[];
  duplicateActivities: number;
  /** Whatever is sent within the service is on its way for up to so long, and so comes in any order. */
  latestDeliveryMilliseconds: number;
  crash: (point: CrashPoint) => boolean;
  /** How Event Grid brings ARM's events; undefined where there is no subscription. */
  events?: EventTroubles;
}

/** Shares of the events that come twice and that never come, and by how many seconds each may be late. */
export interface EventTroubles {
  duplicates: number;
  lost: number;
  disorder: number;
}

/** Draws whether events come in a simulation, and how. */
export function eventTroublesOf(seed: number): Pick<Troubles, "events" | "told"> {
  const chance = chanceOf(seed, "events");
  if (chance.happens(0.5)) return { told: [] };
  const [duplicates, lost, disorder] = [chance.oneOf([0, 0.3]), chance.oneOf([0, 0.3]), chance.oneOf([2, 20, 300])];
  return {
    events: { duplicates, lost, disorder },
    told: [`events come up to ${disorder} s late, ${duplicates * 100} % twice, ${lost * 100} % never`],
  };
}

const TEMPLATE = "/imageTemplates/[^/]+$";
const PLACES = [
  { method: "GET", path: "virtualNetworks" },
  { method: "PUT", path: "roleAssignments" },
  { method: "PUT", path: TEMPLATE },
  { method: "GET", path: TEMPLATE },
  { method: "POST", path: "/run$" },
  { method: "GET", path: "runOutputs" },
  { method: "GET", path: "storageAccounts" },
  { method: "GET", path: "packerlogs" },
  { method: "DELETE", path: "roleAssignments" },
  { method: "GET", path: "roleAssignments" },
  { method: "DELETE", path: TEMPLATE },
] as const;

const KINDS = [
  () => ({ kind: "loseReply" as const }),
  () => ({ kind: "reset" as const }),
  () => ({ kind: "respond" as const, status: 500, code: "InternalServerError" }),
  () => ({ kind: "respond" as const, status: 503, code: "ServiceUnavailable" }),
  (chance: Chance) => ({
    kind: "respond" as const,
    status: 429,
    code: "TooManyRequests",
    headers: { "Retry-After": String(chance.oneOf([0, 1, 17, 60])) },
  }),
  (chance: Chance) => ({ kind: "delay" as const, delaySeconds: chance.whole(1, 90) }),
  (chance: Chance) => ({ kind: "hang" as const, executed: chance.happens(0.5) }),
];

const DELIVERIES = [0, 20, 400, 3000];

/** Mostly a passing fault; now and then one that lasts for hours. */
const COUNTS = [1, 1, 2, 2, 3, 3, 4, 12, 40, 400];

const SCENARIOS: readonly FaultInput[] = [
  { scenario: "customizer-fails", customizer: "helm" },
  { scenario: "grant-never-propagates" },
  { scenario: "cancel-hangs" },
];

/** Draws what goes wrong: up to four faults on the way, slow grants, steps delivered twice, crashes of the host. */
export function troublesOf(seed: number): Troubles {
  const chance = chanceOf(seed, "troubles");
  const faults: FaultInput[] = [];
  const told: string[] = [];
  for (let n = chance.whole(0, 4); n > 0; n--) {
    const place = chance.oneOf(PLACES);
    const fault = { ...place, ...chance.oneOf(KINDS)(chance), count: chance.oneOf(COUNTS), after: chance.whole(0, 3) };
    faults.push(fault);
    told.push(
      `${fault.count} × ${fault.kind}${"status" in fault ? ` ${fault.status}` : ""} ` +
        `on ${fault.method} ${fault.path}, after ${fault.after}`,
    );
  }
  if (chance.happens(0.3)) {
    const seconds = chance.whole(20, 600);
    faults.push({ scenario: "grant-propagates-in", seconds });
    told.push(`grants take effect after ${seconds} s`);
  }
  if (chance.happens(0.3)) {
    const scenario = chance.oneOf(SCENARIOS);
    faults.push(scenario);
    told.push(JSON.stringify(scenario));
  }
  const latestDeliveryMilliseconds = chanceOf(seed, "deliveries").oneOf(DELIVERIES);
  if (latestDeliveryMilliseconds) told.push(`deliveries take up to ${latestDeliveryMilliseconds} ms`);
  const duplicateActivities = chance.happens(0.3) ? 0.2 : 0;
  if (duplicateActivities) told.push("one step in five is delivered twice");

  let crashes = chance.happens(0.5) ? chance.whole(1, 3) : 0;
  if (crashes) told.push(`${crashes} crashes of the host`);
  const crashing = chanceOf(seed, "crashes");
  const crash = () => {
    if (crashes === 0 || !crashing.happens(0.1)) return false;
    crashes -= 1;
    return true;
  };
  const { events, told: toldOfEvents } = eventTroublesOf(seed);
  told.push(...toldOfEvents);
  return { told, faults, duplicateActivities, latestDeliveryMilliseconds, crash, ...(events && { events }) };
}
