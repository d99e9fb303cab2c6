import { describe, expect, it } from "vitest";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";

const RECIPE = `name: one
description: an image
location: westeurope
source: { type: PlatformImage, publisher: p, offer: o, sku: s }
distribute:
  type: ManagedImage
  imageId: /resourceGroups/g/providers/Microsoft.Compute/images/i
vmProfile: { vmSize: Standard_D2s_v5 }
schedule:
`;

function told(lines: string[]): string[] {
  const parsed = parseRecipe("one.yaml", RECIPE + lines.map((line) => `  ${line}\n`).join(""));
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

describe("the schedule of a recipe", () => {
  it("takes all that it has, and has defaults", () => {
    const lines = ["at: patch-tuesday + 2d 03:00", "blackouts: [{ from: 2026-12-20, to: 2027-01-03, reason: freeze }]"];
    const parsed = parseRecipe("one.yaml", RECIPE + lines.map((line) => `  ${line}\n`).join(""));
    expect(parsed.kind === "recipe" && parsed.recipe.schedule).toEqual({
      at: "patch-tuesday + 2d 03:00",
      timeZone: "UTC",
      condition: "always",
      blackouts: [{ from: "2026-12-20", to: "2027-01-03", reason: "freeze" }],
      jitter: "5m",
      missed: "once",
      pauseAfter: 3,
    });
  });

  it.each<[string, string[], string]>([
    ["no time", ["jitter: 1m"], "10:3: schedule: takes cron, at or maximumAge: without, it never builds"],
    ["two of them", ["cron: 0 2 * * *", "at: patch-tuesday 03:00"], "11:7: schedule.at: takes either cron or at"],
    ["a cron of six fields", ["cron: 0 0 2 * * *"], "10:9: schedule.cron: takes five fields"],
    ["a day that never comes", ["cron: 0 2 30 2 *"], "10:9: schedule.cron: never comes"],
    ["a word for a time", ["at: patch-tuesday + 2 days"], "10:7: schedule.at: takes patch-tuesday, days after it"],
    ["a month of days after it", ["at: patch-tuesday + 28d 03:00"], "10:7: schedule.at: takes patch-tuesday"],
    ["an unknown zone", ["cron: 0 2 * * *", "timeZone: Berlin"], "11:13: schedule.timeZone: is not a time zone: write"],
    ["a duration without unit", ["maximumAge: '30'"], "10:15: schedule.maximumAge: takes a number with d, h or m"],
    ["a duration of nothing", ["maximumAge: 0d"], "10:15: schedule.maximumAge: takes more than nothing"],
    ["a jitter of days", ["cron: 0 2 * * *", "jitter: 2d"], "11:11: schedule.jitter: takes a day at most"],
    [
      "a condition without its age",
      ["cron: 0 2 * * *", "condition: when-older-than"],
      "11:14: schedule.condition: takes olderThan beside it",
    ],
    [
      "an age without its condition",
      ["cron: 0 2 * * *", "olderThan: 7d"],
      "11:14: schedule.olderThan: counts with condition: when-older-than only",
    ],
    [
      "an unknown condition",
      ["cron: 0 2 * * *", "condition: when-change"],
      "11:14: schedule.condition: takes one of always, when-changed, when-older-than; did you mean when-changed?",
    ],
    [
      "a blackout without end",
      ["cron: 0 2 * * *", "blackouts: [{ from: 2026-12-20, reason: x }]"],
      "11:15: schedule.blackouts[0]: takes either weekly, or both from and to",
    ],
    [
      "a blackout that ends before it begins",
      ["cron: 0 2 * * *", "blackouts: [{ from: 2026-12-20, to: 2026-12-19, reason: x }]"],
      "11:39: schedule.blackouts[0].to: is not after from",
    ],
    [
      "a day that its month has not",
      ["cron: 0 2 * * *", "blackouts: [{ from: 2026-02-30, to: 2026-03-19, reason: x }]"],
      "11:23: schedule.blackouts[0].from: takes a date, and a time",
    ],
    [
      "a week without days",
      ["cron: 0 2 * * *", "blackouts: [{ weekly: weekend, reason: x }]"],
      "11:25: schedule.blackouts[0].weekly: takes a day and a time, and those of its end",
    ],
  ])("is at fault, with its place and the mend: %s", (_, lines, expected) => {
    expect(told(lines)).toEqual([expect.stringContaining(`one.yaml:${expected}`)]);
  });
});
