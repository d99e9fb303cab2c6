import { afterEach, expect, it } from "vitest";
import { following, openFollowing } from "../../support/simulation/following.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "../../support/simulation/scheduled.ts";

let simulation: ScheduleSimulation;
afterEach(() => simulation.close());

const start = Date.parse("2030-06-01T12:00:00Z");
const UBUNTU = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const [OLDER, NEWER] = ["24.04.203006030", "24.04.203006040"] as const;
const publish = (version: string) => simulation.world.cloud.publishPlatformImage({ ...UBUNTU, version });
const built = () =>
  simulation.receipts("night-one").map(({ outcome, source }) => [outcome.kind, source?.version] as const);

it("builds on the version that a cool-down has let through, where another comes out before the run", async () => {
  const nightly = { cron: "0 2 * * *", coolDown: "2d", jitter: "0m" };
  simulation = await openScheduled([scheduled("night-one", nightly)], { start });
  await simulation.until("2030-06-04T02:01:00Z");
  publish(NEWER);
  await simulation.until("2030-06-04T12:00:00Z");
  const decided = simulation.decisions("night-one").find(({ kind }) => kind === "started")?.source?.version;
  expect(decided).not.toBe(NEWER);
  expect(built()).toEqual([["built", decided]]);
});

it("builds on the version that is followed, where another comes out before the run, and then on that one", async () => {
  const source = { type: "PlatformImage" as const, ...UBUNTU, version: "latest" };
  simulation = await openFollowing([following("night-one", source)], { start });
  publish(OLDER);
  await simulation.until("2030-06-01T12:17:05Z");
  expect(simulation.names("open/")).toHaveLength(1);
  publish(NEWER);
  await simulation.until("2030-06-02T12:00:00Z");
  expect(built()).toEqual([
    ["built", OLDER],
    ["built", NEWER],
  ]);
});
