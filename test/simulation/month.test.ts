import { expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { openSimulation, receiptOf } from "../support/simulation/simulation.ts";

/** The shipped one, and two of the same hour. */
const IMAGES = ["aks-jumpbox", "night-one", "night-two"];
const DAY = 24 * 3_600_000;
/** Every ten minutes would make 4,400 sweeps of the month, which take longer than all its builds. */
const HOURLY = { GOLDSMITH_SWEEP_SCHEDULE: "0 0 * * * *" };

it("builds three images on each night of a month, each once, and leaves nothing but the images", async () => {
  const { world, host, close } = await openSimulation(30, { nightly: true, env: HOURLY });
  try {
    // The first night begins with the schedules' first look.
    await host.clock.sleep(31 * DAY);

    const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
    for (const image of IMAGES) {
      const own = builds.filter(({ instanceId }) => instanceId.startsWith(`${image}-2030`));
      expect(own.length, image).toBe(31);
      const receipts = own.map(({ instanceId }) => receiptOf(world, image, instanceId));
      expect(receipts.filter((receipt) => receipt?.outcome.kind === "built").length, image).toBe(31);
      expect(receipts.filter((receipt) => receipt?.cleanUp.kind === "clean").length, image).toBe(31);
    }

    const state = world.cloud.state();
    expect(state.roleAssignments).toHaveLength(landscape.roleAssignments.length);
    expect(state.resourceGroups).toHaveLength(landscape.resourceGroups.length);
    const templates = state.resources.filter(({ type }) => type === "Microsoft.VirtualMachineImages/imageTemplates");
    expect(templates).toEqual([]);
  } finally {
    await close();
  }
}, 600_000);
