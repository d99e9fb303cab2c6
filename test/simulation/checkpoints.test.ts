import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FaultInput } from "../../local/azure/control/faultSchema.ts";
import type { CrashPoint } from "../../local/functionsHost/testing/faults.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { insist } from "../support/simulation/fleet.ts";
import { openSimulation, receiptOf, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";
import type { World } from "../support/simulation/world.ts";

/** What a build has left and told in the end, whatever the way there. */
interface Ending {
  outcome: Receipt["outcome"]["kind"] | undefined;
  cleanUp: Receipt["cleanUp"] | undefined;
  log: Receipt["log"]["kind"] | undefined;
  imageVersions: number;
  /** Everything in the cloud but the image versions. */
  cloud: string[];
  runs: number;
}

interface Course {
  faults?: FaultInput[];
  /** Minutes of image builder's run after which the build is cancelled. */
  cancelAfter?: number;
}

/** Without, it is seen that nothing needs it; with, that it does not get in the way. */
type Sweeper = "on" | "off";

const HOUR = 3_600_000;
/** With the sweeper, `npm test` takes every eighth checkpoint, and `npm run test:faults` all of them. */
const EVERY: Record<Sweeper, number> = { off: 1, on: process.env.FAULTS === "all" ? 1 : 8 };

const COURSES: [string, Course][] = [
  ["a successful", {}],
  ["a failing", { faults: [{ scenario: "customizer-fails", customizer: "helm" }] }],
  // A host that comes back only after a while must not find that the image is being distributed.
  ["a cancelled", { cancelAfter: 6 }],
];

beforeAll(warmUp, 60_000);

let simulation: Simulation;
afterEach(() => simulation.close());

const isVersion = ({ type }: { type: string }) => type.endsWith("/images/versions");

const runsIn = ({ cloud }: World) =>
  cloud.requests().requests.filter(({ path, method }) => method === "POST" && path.includes("/run?"));

/**
 * One build, whose host is killed at the checkpoint of that number.
 *
 * @returns also how many there were up to the build's end, those of sweeps among them.
 */
async function build(
  { faults = [], cancelAfter }: Course,
  sweeper: Sweeper,
  killAt: number,
): Promise<Ending & { checkpoints: number; sweeps: number }> {
  let checkpoints = 0;
  const crash = (_: CrashPoint) => ++checkpoints === killAt;
  const troubles = { told: [], faults, duplicateActivities: 0, latestDeliveryMilliseconds: 0, crash };
  const env = { "AzureWebJobs.sweepTimer.Disabled": String(sweeper === "off") };
  simulation = await openSimulation(1, { troubles, env });
  const { host, world } = simulation;

  const id = await startBuild(host, 1);
  if (cancelAfter !== undefined) {
    while (runsIn(world).length === 0) await host.clock.sleep(10_000);
    await host.clock.sleep(cancelAfter * 60_000);
    await insist(host, `/api/builds/${id}/cancel`, 202);
  }
  await host.instance(id);
  const untilEnd = checkpoints;
  // What sweeps have marked meanwhile they would have removed by then.
  if (sweeper === "on") await host.clock.sleep(HOUR);

  const receipt = receiptOf(world, "aks-jumpbox", id);
  const state = world.cloud.state() as unknown as {
    resources: { id: string; type: string }[];
    resourceGroups: { id: string }[];
    roleAssignments: { id: string }[];
  };
  const rest = state.resources.filter((resource) => !isVersion(resource));
  await simulation.close();
  return {
    outcome: receipt?.outcome.kind,
    cleanUp: receipt?.cleanUp,
    log: receipt?.log.kind,
    imageVersions: state.resources.filter(isVersion).length,
    cloud: [...rest, ...state.resourceGroups, ...state.roleAssignments].map((one) => one.id).toSorted(),
    runs: runsIn(world).length,
    checkpoints: untilEnd,
    sweeps: [...host.hub.instances.values()].filter(({ name }) => name === "sweep").length,
  };
}

describe.each<Sweeper>(["off", "on"])(
  "a host that is killed before and after every activity and entity operation, the sweeper being %s,",
  (sweeper) => {
    it.each(COURSES)(
      "leads %s build to the same end as one that is not",
      async (_, course) => {
        const { checkpoints, sweeps, ...undisturbed } = await build(course, sweeper, 0);
        expect(undisturbed).toMatchObject({ cleanUp: { kind: "clean" }, runs: 1 });
        expect(checkpoints).toBeGreaterThan(30);
        expect(sweeps > 3).toBe(sweeper === "on");
        for (let killAt = 1; killAt <= checkpoints; killAt += EVERY[sweeper]) {
          const { checkpoints: __, sweeps: ___, ...ending } = await build(course, sweeper, killAt);
          expect(ending, `killed at checkpoint ${killAt} of ${checkpoints}`).toEqual(undisturbed);
        }
      },
      600_000,
    );
  },
);
