import { beforeAll, describe, expect, it } from "vitest";
import { simulateFleet } from "../support/simulation/fleet.ts";
import { brokenTraces } from "../support/simulation/brokenTraces.ts";
import { simulate, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);

describe("the trace of a build", () => {
  it("is one, with one root and all else under it, in worlds with kills, repetitions and faults", async () => {
    for (const seed of SEEDS) {
      const { receipt, world, troubles } = await simulate(seed);
      expect(receipt && brokenTraces(world.told.spans(), receipt), `seed ${seed}: ${troubles.told.join("; ")}`).toEqual(
        [],
      );
    }
  });

  it("is one of each build of a fleet, also of those that are terminated and closed by the sweeper", async () => {
    for (const seed of [1, 2]) {
      const { builds, world } = await simulateFleet(seed);
      expect(builds.some(({ ended }) => ended?.how === "terminated")).toBe(true);
      for (const { id, receipt, ended } of builds) {
        expect(
          receipt && brokenTraces(world.told?.spans() ?? [], receipt),
          `seed ${seed}: ${id} ${ended?.how}`,
        ).toEqual([]);
      }
    }
  });
});
