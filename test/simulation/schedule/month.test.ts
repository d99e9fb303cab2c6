import { afterEach, expect, it } from "vitest";
import { landscape } from "../../../local/landscape.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "../../support/simulation/scheduled.ts";

const nightly = { cron: "30 2 * * *", timeZone: "Europe/Berlin" };
/** Both for half past two in Berlin; one makes up for what was missed. */
const RECIPES = [scheduled("night-one", nightly), scheduled("night-two", { ...nightly, missed: "skip" })];
const DAY = 24 * 3_600_000;

let simulation: ScheduleSimulation;
afterEach(() => simulation.close());

it.each<[string, string, string, Record<string, string>]>([
  ["begins", "2030-03-17T12:00:00Z", "2030-04-05T22:00:00Z", { "30": "01:30", "31": "01:30", "01": "00:30" }],
  ["ends", "2030-10-13T12:00:00Z", "2030-11-02T22:00:00Z", { "26": "00:30", "27": "00:30", "28": "01:30" }],
])(
  "builds each night of a month in which summer time %s once, and after two days without a host what the recipe says",
  async (_, start, down, expected) => {
    simulation = await openScheduled(RECIPES, { start: Date.parse(start) });
    const { host, until, decisions, receipts, world } = simulation;
    await until(down);
    host.crash((2 * DAY) / 1000);
    await host.clock.sleep(Date.parse(start) + 31 * DAY - host.clock.now());

    const [one, two] = [decisions("night-one"), decisions("night-two")];
    // The second of both missed nights makes up for the first, or is left out as well.
    expect(one.map(({ kind, why }) => `${kind} ${why}`).filter((text) => text !== "started due")).toEqual([
      "skipped missed",
    ]);
    expect(two.filter(({ kind }) => kind === "skipped").map(({ why }) => why)).toEqual(["missed", "missed"]);
    for (const decided of [one, two]) {
      expect(decided).toHaveLength(31);
      for (const [day, time] of Object.entries(expected)) {
        const due = decided.filter((decision) => decision.due.slice(8, 10) === day).map((decision) => decision.due);
        expect(
          due.map((at) => at.slice(11, 16)),
          day,
        ).toEqual([time]);
      }
    }

    for (const [image, nights] of [
      ["night-one", 30],
      ["night-two", 29],
    ] as const) {
      const ended = receipts(image);
      expect(
        ended.map(({ outcome, cleanUp }) => `${outcome.kind} ${cleanUp.kind}`),
        image,
      ).toEqual(Array.from({ length: nights }, () => "built clean"));
    }
    const state = world.cloud.state();
    expect(state.resources.filter(({ type }) => String(type).endsWith("/images/versions"))).toHaveLength(59);
    expect(state.roleAssignments).toHaveLength(landscape.roleAssignments.length);
    expect(state.resourceGroups).toHaveLength(landscape.resourceGroups.length);
    expect(state.resources.filter(({ type }) => String(type).endsWith("/imageTemplates"))).toEqual([]);
  },
  600_000,
);
