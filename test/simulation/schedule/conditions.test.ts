import { afterEach, describe, expect, it } from "vitest";
import { ids } from "../../support/cloudTemplates.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "../../support/simulation/scheduled.ts";

let simulation: ScheduleSimulation;
afterEach(() => simulation.close());

const start = Date.parse("2030-06-01T12:00:00Z");
const whyOf = (image: string) =>
  simulation.decisions(image).map(({ due, kind, why }) => `${due.slice(5, 10)} ${kind} ${why}`);
const UBUNTU = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };

describe("a schedule that builds when something has changed", () => {
  it("builds once, and again when the marketplace has a version that has been seen for as long as it cools down", async () => {
    const recipe = scheduled("night-one", { cron: "0 2 * * *", condition: "when-changed", coolDown: "2d" });
    simulation = await openScheduled([recipe], { start });
    const { until, build, world, receipts } = simulation;
    // Seen on June 2nd for the first time, it cools down as well; a person may build on it all the same.
    await until("2030-06-02T12:00:00Z");
    await build("night-one");
    await until("2030-06-03T12:00:00Z");
    world.cloud.publishPlatformImage({ ...UBUNTU, version: "24.04.203006030" });
    await until("2030-06-08T12:00:00Z");
    expect(whyOf("night-one")).toEqual([
      "06-02 skipped cooling-down",
      "06-03 skipped unchanged",
      "06-04 skipped unchanged",
      "06-05 skipped unchanged",
      "06-06 started changed",
      "06-07 skipped unchanged",
      "06-08 skipped unchanged",
    ]);
    expect(receipts("night-one")).toHaveLength(2);
    expect(simulation.state("night-one")?.lastBuilt?.source).toEqual({ version: "24.04.203006030" });
  });

  it("builds nothing on a gallery's version that is pulled while it cools down", async () => {
    const app = scheduled("ubuntu-app", { cron: "0 2 * * *", condition: "when-changed", coolDown: "3d" });
    simulation = await openScheduled([scheduled("ubuntu-base", undefined), app], { start });
    const { until, build, world, state } = simulation;
    const versions = () =>
      world.cloud
        .state()
        .resources.filter(({ id }) => /images\/ubuntu-base\/versions\//.test(String(id)))
        .map(({ id }) => String(id));
    await build("ubuntu-base");
    const [first] = versions();
    await until("2030-06-05T12:00:00Z");
    await build("ubuntu-base");
    const pulled = versions().find((id) => id !== first) ?? "";
    await until("2030-06-07T12:00:00Z");
    const url = new URL(`${pulled}?api-version=2024-03-03`, world.cloud.url);
    const headers = { authorization: `Bearer ${world.operatorToken}` };
    await world.cloud.answer({ method: "DELETE", url, headers, body: Buffer.alloc(0) });
    await until("2030-06-10T12:00:00Z");
    await build("ubuntu-base");
    const third = versions().at(-1) ?? "";
    await until("2030-06-15T12:00:00Z");

    expect(whyOf("ubuntu-app")).toEqual([
      "06-02 skipped cooling-down",
      "06-03 skipped cooling-down",
      "06-04 skipped cooling-down",
      "06-05 started changed",
      ...["06-06", "06-07", "06-08", "06-09", "06-10", "06-11", "06-12", "06-13"].map(
        (day) => `${day} skipped unchanged`,
      ),
      "06-14 started changed",
      "06-15 skipped unchanged",
    ]);
    expect(pulled).toContain(ids.definition.split("/images/")[0]);
    expect(third.endsWith(`/${state("ubuntu-app")?.lastBuilt?.source?.version}`)).toBe(true);
  });

  it("builds an unchanged image when it is older than its recipe lets it be", async () => {
    const aged = { cron: "0 2 * * *", condition: "when-changed", maximumAge: "3d", jitter: "0m" };
    simulation = await openScheduled([scheduled("night-one", aged)], { start });
    await simulation.until("2030-06-06T12:00:00Z");
    const started = simulation.decisions("night-one").filter(({ kind }) => kind === "started");
    expect(started.map(({ due, why }) => `${due.slice(5, 16)} ${why}`)).toEqual([
      "06-01T12:06 changed",
      "06-04T12:07 too-old",
    ]);
    expect(simulation.receipts("night-one")).toHaveLength(2);
  });
});

describe("a blackout", () => {
  const blackouts = [{ from: "2030-06-03", to: "2030-06-05", reason: "freeze" }];
  const frozen = { cron: "0 2 * * *", blackouts };

  it("is made up for by one build once it is over, or by none, as the recipe says", async () => {
    const recipes = [scheduled("night-one", frozen), scheduled("night-two", { ...frozen, missed: "skip" })];
    simulation = await openScheduled(recipes, { start });
    const { until, receipts } = simulation;
    await until("2030-06-05T23:59:00Z");
    expect([receipts("night-one"), receipts("night-two")].map((all) => all.length)).toEqual([1, 1]);
    await until("2030-06-06T12:00:00Z");
    expect(whyOf("night-one")).toEqual([
      "06-02 started due",
      "06-03 skipped missed",
      "06-04 skipped missed",
      "06-05 started due",
      "06-06 started due",
    ]);
    expect(whyOf("night-two")).toEqual([
      "06-02 started due",
      ...["06-03", "06-04", "06-05"].map((day) => `${day} skipped blackout`),
      "06-06 started due",
    ]);
    const begun = receipts("night-one").map(({ startedAt }) => startedAt.slice(5, 15));
    expect(begun).toEqual(["06-02T02:0", "06-06T00:0", "06-06T02:0"]);
  });
});
