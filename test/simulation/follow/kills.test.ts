import { afterEach, expect, it } from "vitest";
import { following, type FollowSimulation, on, onBase, openFollowing } from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
afterEach(() => simulation.close());

it("builds each generation once where the host is killed again and again, and its steps are delivered twice", async () => {
  let points = 0;
  let kills = 0;
  const crash = () => {
    const isKilled = ++points % 7 === 0 && kills < 12;
    if (isKilled) kills += 1;
    return isKilled;
  };
  simulation = await openFollowing([following("ubuntu-base", onBase), following("ubuntu-app", on("ubuntu-base"))], {
    start: Date.parse("2030-06-01T12:00:00Z"),
    troubles: { told: [], faults: [], duplicateActivities: 0.3, latestDeliveryMilliseconds: 1000, crash },
  });
  const { until, publishBase, receipts, world, host } = simulation;
  await world.cloud.subscribeToEvents({ endpoint: "http://localhost/api/events", duplicates: 1, disorder: 60 });
  await publishBase("1.0.0");
  await until("2030-06-02T06:00:00Z");

  expect(kills).toBe(12);
  const built = ["ubuntu-base", "ubuntu-app"].map((image) => receipts(image).map(({ outcome }) => outcome.kind));
  expect(built).toEqual([["built"], ["built"]]);
  const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
  expect(builds).toHaveLength(2);
});
