import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ARM_SECONDS } from "../../../bench/armLatency.ts";
import { readBaseline } from "../../../bench/baseline.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "cost.md"), "utf8");
const row = (name: string) =>
  page
    .split("\n")
    .find((line) => line.startsWith(`| ${name}`))
    ?.split("|")
    .slice(2, 6)
    .map((cell) => Number.parseFloat(cell.replaceAll(",", "")));
const { executions, price, ...baseline } = readBaseline();
const counted = (id: string) => Math.round(baseline[id] ?? Number.NaN);
const percent = (id: string) => Math.round((baseline[id] ?? Number.NaN) * 100);

test("docs/cost.md has the figures that were counted", () => {
  expect(row("a build of half an hour")).toEqual([
    Math.round(executions ?? 0),
    Math.round(baseline["arm-calls-first"] ?? 0),
    Number(price?.toFixed(3)),
    Number(baseline["price-apart"]?.toFixed(2)),
  ]);
  const centsOfDay = (id: string) => Number((((baseline[id] ?? 0) * 100) / 30).toFixed(1));
  expect(row("a day without one")).toEqual([
    baseline["idle-executions"],
    baseline["idle-arm-calls"],
    centsOfDay("idle-price"),
    centsOfDay("idle-price-apart"),
  ]);
});

test("docs/cost.md has the calls of other builds, and the time that events save", () => {
  for (const told of [
    `at most ${counted("arm-calls-first-most")}. A later one`,
    `asks Azure ${counted("arm-calls-known")} times, and ${counted("arm-calls-known-events")} times where`,
    `takes ${percent("overhead")} % of the time`,
    `and ${percent("overhead-events")} % with them`,
  ])
    expect(page.replaceAll("\n", " ")).toContain(told);
});

test("docs/cost.md says for how long Azure is taken to answer, and how narrowly its target is kept", () => {
  expect(page).toContain("kept narrowly where seconds are shared");
  expect(price).toBeLessThanOrEqual(0.1);
  expect(price).toBeGreaterThan(0.09);
  expect(page).toContain(`**${ARM_SECONDS} seconds each, which is assumed**`);
});
