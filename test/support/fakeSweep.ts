import { engineActivities } from "../../src/activities/engine.ts";
import { release, type SweepAct } from "../../src/domain/sweepAct.ts";
import type { AnyEntity } from "../../src/durable/entities.ts";
import { LEASE } from "../../src/entities/lease.ts";
import { turnsEntity } from "../../src/entities/turns.ts";
import { sweep } from "../../src/orchestrators/sweep.ts";
import { fakeService } from "./fakeService.ts";
import type { Functions } from "./orchestration.ts";
import { grantOf, request, samplePlan } from "./plan.ts";

const plan = samplePlan();
const [attempt] = plan.attempts;
const { buildId } = request;

/** One of each that a sweep can do; the first is known without a look at Azure. */
export const everyAct: SweepAct[] = [
  release(grantOf(plan, "network join"), [{ buildId, until: "2026-01-15T01:00:00.000Z" }], false),
  { kind: "stop asking", id: `${buildId}-turn` },
  release(grantOf(plan, "image creation"), [], true),
  ...(attempt ? [{ kind: "remove template", id: "/template", buildId, attempt, hasTime: true } as const] : []),
  { kind: "give turn back", id: buildId },
  { kind: "close build", id: buildId, leftovers: [] },
];

/** All that the engine needs to run a sweep with something of everything to do, over variables instead of a cloud. */
export function sweepFunctionsOf(changes: Functions["activities"] = {}): Functions {
  const { receipts: _, ...build } = fakeService();
  let overdue = true;
  const lease: AnyEntity = {
    name: LEASE,
    initially: async () => ({}),
    operations: { sweep: async () => ({ kind: "revoked", readBackAt: "2026-01-15T03:00:00.000Z" }) },
  };
  return {
    orchestrators: [sweep],
    entities: [lease, turnsEntity({ image: 1, identity: 20, region: 20, subscription: 20 }, 24)],
    activities: {
      ...build,
      ...engineActivities,
      findOverdue: async () => {},
      planSweep: async () => {
        overdue = false;
        return { acts: everyAct.length };
      },
      nextActs: async ({ from, count }: { from: number; count: number }) => ({
        now: "2026-01-15T02:00:00.000Z",
        acts: everyAct.slice(from, overdue ? 1 : from + count),
      }),
      noteDone: async () => {},
      noteGrants: async () => {},
      closeBuild: async () => "closed",
      reportSweep: async () => {},
      reportFailure: async () => {},
      ...changes,
    },
  };
}
