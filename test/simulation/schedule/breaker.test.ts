import { afterEach, describe, expect, it } from "vitest";
import type { FaultInput } from "../../../local/azure/control/faultSchema.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "../../support/simulation/scheduled.ts";

let simulation: ScheduleSimulation;
afterEach(() => simulation.close());

const start = Date.parse("2030-06-01T12:00:00Z");
const nightly = scheduled("night-one", { cron: "0 2 * * *" });
const ALARM = "alarms/schedule-night-one.json";
const told = () => simulation.decisions("night-one").map(({ due, kind, why }) => `${due.slice(5, 10)} ${kind} ${why}`);
const runs = () =>
  simulation.world.cloud.requests().requests.filter(({ path, method }) => method === "POST" && path.includes("/run?"));

describe("a schedule whose builds fail", () => {
  it("pauses after three nights with an alarm that says what to do, and goes on once a person's build succeeds", async () => {
    simulation = await openScheduled([nightly], { start });
    const { until, build, world, names, host, receipts } = simulation;
    world.cloud.addFault({ scenario: "customizer-fails", customizer: "updates", count: 100 });
    await until("2030-06-06T12:00:00Z");
    expect(told()).toEqual([
      "06-02 started due",
      "06-03 started due",
      "06-04 started due",
      "06-05 skipped paused",
      "06-06 skipped paused",
    ]);
    expect(runs()).toHaveLength(3);
    expect(JSON.parse(world.archive.text("archive", ALARM) ?? "")).toMatchObject({
      kind: "schedule-paused",
      image: "night-one",
      failures: [{ class: "customizer" }, { class: "customizer" }, { class: "customizer" }],
      mend: expect.stringContaining("ask for a build of night-one"),
    });
    expect(host.logs.filter((line) => line.includes("GOLDSMITH ALARM schedule: night-one"))).toHaveLength(1);

    // One that fails as well changes nothing.
    await build("night-one");
    await until("2030-06-07T12:00:00Z");
    expect(told().at(-1)).toBe("06-07 skipped paused");

    world.cloud.clearFaults();
    await build("night-one");
    expect(names("alarms/")).toEqual([]);
    await until("2030-06-08T12:00:00Z");
    expect(told().at(-1)).toBe("06-08 started due");
    expect(receipts("night-one").filter(({ outcome }) => outcome.kind === "built")).toHaveLength(2);
  });

  it("tries again within the night what may be over by then", async () => {
    simulation = await openScheduled([nightly], { start });
    const { until, world, receipts, state } = simulation;
    // Longer than a build has patience, and than it has when it is tried again for the first time.
    const busy: FaultInput = {
      method: "GET",
      path: "/virtualNetworks",
      kind: "respond",
      status: 401,
      code: "ExpiredAuthenticationToken",
      count: 22,
    };
    world.cloud.addFault(busy);
    await until("2030-06-03T12:00:00Z");
    const tried = receipts("night-one").map(({ startedAt, outcome }) => `${startedAt.slice(5, 13)} ${outcome.kind}`);
    expect(tried.at(-1)).toBe("06-03T02 built");
    expect(tried.filter((text) => text.endsWith("failed")).length).toBeGreaterThan(1);
    expect(tried.filter((text) => text.startsWith("06-02") && text.endsWith("built"))).toHaveLength(1);
    expect(state("night-one")).toMatchObject({ failures: [], transient: 0 });
  });
});
