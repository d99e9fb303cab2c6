import { afterEach, expect, it } from "vitest";
import { BASE, following, type FollowSimulation, onBase, openFollowing } from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
afterEach(() => simulation.close());

it("builds nothing on a gallery's version that is pulled while it cools down, and says so", async () => {
  simulation = await openFollowing([following("ubuntu-base", onBase, { coolDown: "2d" })], {
    start: Date.parse("2030-06-01T12:00:00Z"),
  });
  const { until, publishBase, ask, decided, names, world } = simulation;
  await world.cloud.subscribeToEvents({ endpoint: "http://localhost/api/events" });
  await publishBase("1.0.0");
  await until("2030-06-02T12:00:00Z");
  const [waiting] = await decided("ubuntu-base");
  expect(waiting).toMatchObject({ kind: "waiting", why: "cooling-down", version: "1.0.0" });
  expect(waiting?.until?.slice(0, 13)).toBe("2030-06-03T12");
  await ask("DELETE", `${BASE}/versions/1.0.0`, "2024-03-03");
  await until("2030-06-04T12:00:00Z");
  expect(await decided("ubuntu-base")).toMatchObject([{ kind: "skipped", why: "pulled", version: "1.0.0" }]);
  expect(names("builds/")).toEqual([]);
});
