import { beforeAll, describe, expect, it } from "vitest";
import { brokenInvariants } from "../support/simulation/invariants.ts";
import { simulate, warmUp } from "../support/simulation/simulation.ts";
import { timelineOf } from "../support/simulation/timeline.ts";

beforeAll(warmUp, 60_000);

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

describe("a build in a world in which things go wrong", () => {
  it("keeps its promises in each of sixty worlds", async () => {
    const outcomes = new Set<string>();
    for (const seed of SEEDS) {
      const simulated = await simulate(seed);
      expect(brokenInvariants(simulated), `seed ${seed}\n${timelineOf(simulated)}`).toEqual([]);
      outcomes.add(simulated.receipt?.outcome.kind ?? "none");
    }
    expect(outcomes).toContain("built");
  });

  it("goes the same way twice from the same seed, event for event", async () => {
    for (const seed of [3, 7, 12]) {
      expect(timelineOf(await simulate(seed))).toBe(timelineOf(await simulate(seed)));
    }
  });

  it("goes another way from another seed", async () => {
    const [one, other] = [timelineOf(await simulate(1)), timelineOf(await simulate(2))];
    expect(one).not.toBe(other);
  });
});
