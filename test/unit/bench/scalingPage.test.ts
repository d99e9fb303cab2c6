import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBaseline } from "../../../bench/baseline.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "scaling.md"), "utf8");
const row = (name: string) => page.split("\n").find((line) => line.startsWith(`| ${name}`));
const baseline = readBaseline();
const counted = (name: string) => baseline[name] ?? Number.NaN;

test("docs/scaling.md has the figures that were counted", () => {
  expect(Math.round(counted("polls"))).toBe(10);
  expect(row("requests to ARM")).toContain(`| ${Math.round(counted("arm-calls-first"))}, of which ten are looks |`);
  expect(row("executions of functions")).toContain(`| ${Math.round(counted("executions"))} `);
  expect(row("events in one history")).toContain(`| at most ${Math.ceil(counted("history-events"))} `);
  expect(row("size of one history")).toContain(`| at most ${Math.ceil(counted("history-kilobytes"))} KB `);
});
