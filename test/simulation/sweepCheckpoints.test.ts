import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CrashPoint } from "../../local/functionsHost/testing/faults.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { insist } from "../support/simulation/fleet.ts";
import { openSimulation, receiptOf, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";

/** What a build has left and told in the end, whatever the way there. */
interface Ending {
  outcome: Receipt["outcome"]["kind"] | undefined;
  cleanUp: Receipt["cleanUp"] | undefined;
  log: Receipt["log"]["kind"] | undefined;
  /** Roles that were given, and whether each was read back as gone. */
  grants: [role: string, isGone: boolean][];
  /** Everything in the cloud but the image versions. */
  cloud: string[];
  runs: number;
  alarms: string[];
}

beforeAll(warmUp, 60_000);

let simulation: Simulation;
afterEach(() => simulation.close());

/** Of checkpoints each, or one of so many. */
const EVERY = process.env.FAULTS === "all" ? 1 : 3;

const MINUTE = 60_000;
const A_DAY = 24 * 60;

/** A build, with the sweeper at work; the host is killed at the sweeps' checkpoint of that number. */
async function swept(isTerminated: boolean, killAt: number): Promise<Ending & { checkpoints: number }> {
  let checkpoints = 0;
  let counts = !isTerminated;
  // Of a dead build everything that is still done is the sweeper's, the leases' part in it as well.
  const isSweeps = ({ instanceId }: CrashPoint) => isTerminated || instanceId.startsWith("sweep-");
  const crash = (point: CrashPoint) => counts && isSweeps(point) && ++checkpoints === killAt;
  simulation = await openSimulation(2, {
    troubles: { told: [], faults: [], duplicateActivities: 0, latestDeliveryMilliseconds: 0, crash },
  });
  const { host, world } = simulation;

  const id = await startBuild(host, 1);
  if (isTerminated) {
    await host.clock.sleep(15 * MINUTE);
    await insist(host, `/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`, 202);
    counts = true;
  }
  const receipt = () => receiptOf(world, "aks-jumpbox", id);
  for (let minutes = 0; !receipt() && minutes < A_DAY; minutes++) await host.clock.sleep(MINUTE);
  counts = false;

  const state = world.cloud.state() as unknown as {
    resources: { id: string; type: string }[];
    resourceGroups: { id: string }[];
    roleAssignments: { id: string }[];
  };
  const rest = state.resources.filter(({ type }) => !type.endsWith("/images/versions"));
  const { requests } = world.cloud.requests();
  const alarms = world.archive.names("archive").filter((name) => name.startsWith("alarms/"));
  await simulation.close();
  return {
    outcome: receipt()?.outcome.kind,
    cleanUp: receipt()?.cleanUp,
    log: receipt()?.log.kind,
    grants: (receipt()?.grants ?? []).map(({ role, removedAt }) => [role, removedAt !== undefined]),
    cloud: [...rest, ...state.resourceGroups, ...state.roleAssignments].map((one) => one.id).toSorted(),
    runs: requests.filter(({ path, method }) => method === "POST" && path.includes("/run?")).length,
    alarms,
    checkpoints,
  };
}

describe("a host that is killed before and after every step of the sweeps", () => {
  it.each([
    ["leads a dead build to the same end as one that is not", true, { outcome: "failed", log: "archived" }],
    ["disturbs no live build beside them", false, { outcome: "built", log: "archived" }],
  ] as const)(
    "%s",
    async (_, isTerminated, end) => {
      const { checkpoints, ...undisturbed } = await swept(isTerminated, 0);
      const both = [expect.anything(), true];
      const clean = { cleanUp: { kind: "clean" }, grants: [both, both], runs: 1, alarms: [] };
      expect(undisturbed).toMatchObject({ ...end, ...clean });
      expect(checkpoints).toBeGreaterThan(20);
      for (let killAt = 1; killAt <= checkpoints; killAt += EVERY) {
        const { checkpoints: __, ...ending } = await swept(isTerminated, killAt);
        expect(ending, `killed at checkpoint ${killAt} of ${checkpoints}`).toEqual(undisturbed);
      }
    },
    300_000,
  );
});
