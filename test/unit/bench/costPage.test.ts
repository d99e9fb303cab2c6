import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBaseline } from "../../../bench/baseline.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "cost.md"), "utf8");
const row = (name: string) =>
  page
    .split("\n")
    .find((line) => line.startsWith(`| ${name}`))
    ?.split("|")
    .slice(2, 5)
    .map((cell) => Number.parseFloat(cell.replaceAll(",", "")));
const { executions, price, ...baseline } = readBaseline();

test("docs/cost.md has the figures that were counted", () => {
  expect(row("a build of half an hour")).toEqual([
    Math.round(executions ?? 0),
    Math.round(baseline["arm-calls-first"] ?? 0),
    Number(price?.toFixed(2)),
  ]);
  const centsOfDay = ((baseline["idle-price"] ?? 0) * 100) / 30;
  expect(row("a day without one")).toEqual([
    baseline["idle-executions"],
    baseline["idle-arm-calls"],
    Number(centsOfDay.toFixed(1)),
  ]);
});
