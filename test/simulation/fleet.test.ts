import { beforeAll, describe, expect, it } from "vitest";
import { type Fleet, simulateFleet } from "../support/simulation/fleet.ts";
import { brokenFleetInvariants } from "../support/simulation/fleetInvariants.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { fleetTimelineOf } from "../support/simulation/timeline.ts";

beforeAll(warmUp, 60_000);

describe("a fleet of twenty images on three networks and two galleries, a tenth of Azure's answers faulty", () => {
  it("keeps its promises in each of five worlds", async () => {
    const ended = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const fleet = await simulateFleet(seed);
      expect(brokenFleetInvariants(fleet), `seed ${seed}`).toEqual([]);
      for (const build of fleet.builds) ended.add(`${build.ended?.how ?? "left alone"} ${build.receipt?.outcome.kind}`);
    }
    // What the worlds are made for has happened in them.
    expect([...ended]).toEqual(
      expect.arrayContaining(["left alone built", "cancelled cancelled", "terminated failed", "cancelled built"]),
    );
  });

  it("goes the same way twice from the same seed, event for event", async () => {
    expect(fleetTimelineOf(await simulateFleet(6))).toBe(fleetTimelineOf(await simulateFleet(6)));
  });

  it("is seen to break its promises where they are broken", async () => {
    const fleet = await simulateFleet(7);
    const [build] = fleet.builds.filter(({ receipt }) => receipt?.outcome.kind === "built");
    const forged = (changes: Partial<Fleet>) => brokenFleetInvariants({ ...fleet, ...changes }).join("; ");
    const without = fleet.builds.map((one) => (one === build ? { ...one, receipt: undefined } : one));
    expect(forged({ builds: without })).toContain("has no receipt");
    const refused = { kind: "refused" as const, findings: [] };
    const lying = fleet.builds.map((one) =>
      one === build && one.receipt ? { ...one, receipt: { ...one.receipt, outcome: refused } } : one,
    );
    expect(forged({ builds: lying })).toContain("hides an image version");
    expect(forged({ longest: { events: 301, bytes: 1 } })).toContain("a history of 301 events");
  });
});
