import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBaseline } from "../../../bench/baseline.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "scaling.md"), "utf8");
const text = page.replaceAll(/\s+/g, " ");
const row = (name: string) => page.split("\n").find((line) => line.startsWith(`| ${name}`));
const baseline = readBaseline();
const counted = (name: string) => baseline[name] ?? Number.NaN;

test("docs/scaling.md has the figures that were counted", () => {
  expect(Math.round(counted("polls"))).toBe(9);
  expect(row("requests to ARM")).toContain(`| ${Math.round(counted("arm-calls-first"))}, of which nine are looks |`);
  expect(row("executions of functions")).toContain(`| ${Math.round(counted("executions"))} `);
  expect(row("events in one history")).toContain(`| at most ${Math.ceil(counted("history-events"))} `);
  expect(row("size of one history")).toContain(`| at most ${Math.ceil(counted("history-kilobytes"))} KB `);
});

test("docs/scaling.md has the figures of a thousand builds at once, as they were recorded last", () => {
  const thousand = (name: string) => Math.round(counted(`thousand-${name}`));
  const requests = Math.round(counted("thousand-arm-calls") * 10) * 100;
  expect(text).toContain(
    `of ${requests.toLocaleString("en")} requests Azure throttles ${thousand("throttled")} in a hundred, and none is lost`,
  );
  expect(text).toContain(`built and clean ${thousand("minutes")} minutes later, each with its image version`);
  expect(text).toContain(
    `no grant, template or group is left, and no history is longer than ${thousand("events")} events`,
  );
  expect(text).toContain(
    `at most ${thousand("mebibytes")} MiB on the heap and in buffers, which is ${thousand("kibibytes-each")} KiB for each build`,
  );
  for (const none of ["lost", "unclean", "versionless", "left", "templates-left", "groups-left"])
    expect({ none, figure: thousand(none) }).toEqual({ none, figure: 0 });
});
