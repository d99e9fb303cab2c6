import { afterEach, expect, it } from "vitest";
import { decide, planHashOf } from "../../support/simulation/deciding.ts";
import { following, type FollowSimulation, on, onBase, openFollowing } from "../../support/simulation/following.ts";

let simulation: FollowSimulation;
afterEach(() => simulation.close());

/** A base whose versions are approved before they are published, and an image that is built on it. */
async function withWaitingBase() {
  const approval = { before: "publish", expires: "2d" } as const;
  const recipes = [{ ...following("ubuntu-base", onBase), approval }, following("ubuntu-app", on("ubuntu-base"))];
  simulation = await openFollowing(recipes, { start: Date.parse("2030-06-01T12:00:00Z") });
  const { until, publishBase, world, host } = simulation;
  await world.cloud.subscribeToEvents({ endpoint: "http://localhost/api/events" });
  await publishBase("1.0.0");
  await until("2030-06-01T20:00:00Z");
  const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
  const person = { host, sleep: (seconds: number) => host.clock.sleep(seconds * 1000) };
  const id = builds[0]?.instanceId ?? "";
  return { builds, person, id, planHash: await planHashOf(person, id) };
}

it("builds on a version that is approved only once it is published", async () => {
  const { builds, person, id, planHash } = await withWaitingBase();
  expect(builds).toHaveLength(1);
  expect(await decide(person, id, "approve", planHash)).toEqual([202, ""]);
  await simulation.until("2030-06-02T06:00:00Z");
  const base = simulation.receipts("ubuntu-base");
  expect(base).toMatchObject([{ outcome: { kind: "built" }, publication: [{ kind: "published" }] }]);
  const app = simulation.receipts("ubuntu-app");
  expect(app).toMatchObject([{ outcome: { kind: "built" } }]);
  expect(Date.parse(app[0]?.startedAt ?? "")).toBeGreaterThan(Date.parse(base[0]?.approval?.at ?? ""));
});

it("stops the branch where a version is rejected", async () => {
  const { person, id, planHash } = await withWaitingBase();
  expect(await decide(person, id, "reject", planHash)).toEqual([202, ""]);
  await simulation.until("2030-06-02T06:00:00Z");
  expect(simulation.receipts("ubuntu-app")).toEqual([]);
  expect(await simulation.decided("ubuntu-app")).toContainEqual(
    expect.objectContaining({ kind: "stopped", why: "parent-failed", version: id }),
  );
});
