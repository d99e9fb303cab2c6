import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { isFrequent, parseSchedule } from "../../local/functionsHost/timer/schedule.ts";
import { startHost, TEST_START } from "../support/host.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const app = join(import.meta.dirname, "app");
const HOUR = 3_600_000;

const local = (text: string) => new Date(text).getTime();

test.each([
  ["0 30 1 * * *", "2030-01-02T01:30:00"],
  ["30 1 * * *", "2030-01-02T01:30:00"],
  ["*/15 * * * * *", "2030-01-01T12:00:15"],
  ["0 0 3 * * Mon-Fri", "2030-01-02T03:00:00"],
  ["0 0 3 13 * 5", "2030-09-13T03:00:00"],
  ["0 0 0 29 2 *", "2032-02-29T00:00:00"],
  ["0 */7 8-17/3 1,15 Feb *", "2030-02-01T08:00:00"],
  ["0 0 0 * * 0", "2030-01-06T00:00:00"],
  ["01:30:00", "2030-01-01T13:30:00"],
])("the schedule %s is next due at %s: days of month and week must both fit", (schedule, due) => {
  expect(parseSchedule(schedule).nextAfter(local("2030-01-01T12:00:00"))).toBe(local(due));
});

test.each([
  "60 * * * * *",
  "*/0 * * * * *",
  "0 0 24 * * *",
  "0 0 0 * * 7",
  "0 5-1 * * * *",
  "-1 * * * * *",
  "00:00:00",
])("%j is out of range", (schedule) => {
  expect(() => parseSchedule(schedule)).toThrow();
});

test.each(["", "nonsense", "@daily", "0 0 L * * *", "0 0 0 ? * *", "* * *"])("%j is no schedule", (schedule) => {
  expect(() => parseSchedule(schedule)).toThrow(/was not recognized|pattern/i);
});

test("schedules of less than a minute are not monitored", () => {
  expect(isFrequent(parseSchedule("*/59 * * * * *"), TEST_START)).toBe(true);
  expect(isFrequent(parseSchedule("0 * * * * *"), TEST_START)).toBe(false);
});

/** A host whose app writes down its timers' runs. */
async function startTimers(stateFolder: string | undefined, start: number, hours: number): Promise<string[]> {
  const trace = join(temporaryFolder(), "trace");
  const clock = skippingClock(start);
  const env = { NIGHTLY: "0 30 1 * * *", TRACE_FILE: trace, "AzureWebJobs.everyTenSeconds.Disabled": "true" };
  const host = await startHost({ app, env, clock, ...(stateFolder ? { stateFolder } : {}) });
  await clock.sleep(hours * HOUR);
  await host.close();
  clock.close();
  return readFileSync(trace, "utf8").trim().split("\n");
}

test("a timer runs at its occurrences, with the status of the last one", async () => {
  const start = local("2030-01-01T00:30:00");
  const runs = (await startTimers(undefined, start, 2)).filter((line) => line.startsWith("hourly"));
  expect(runs).toEqual([
    "hourly on time 0001-01-01T00:00:00+00:00",
    expect.stringMatching(/^hourly on time 2030-01-01T01:00:00[+-]\d\d:\d\d$/) as string,
  ]);
});

test("a schedule can come from a setting, and runOnStartup runs at every start", async () => {
  const runs = await startTimers(undefined, local("2030-01-01T00:30:00"), 2);
  expect(runs.filter((line) => line.startsWith("fromSetting"))).toHaveLength(1);
  expect(runs[0]).toMatch(/^atStart on time/);
});

test("what was missed while the host was down is made up for once, and called past due", async () => {
  const folder = join(temporaryFolder(), "state");
  await startTimers(folder, local("2030-01-01T00:30:00"), 1);
  const runs = await startTimers(folder, local("2030-01-01T09:45:00"), 1);
  expect(runs.filter((line) => line.startsWith("hourly"))).toEqual([
    expect.stringMatching(/^hourly past due 2030-01-01T01:00:00/) as string,
    expect.stringMatching(/^hourly on time 2030-01-01T09:45:00/) as string,
  ]);
});

test("a timer that never ran is made up for as well", async () => {
  const folder = join(temporaryFolder(), "state");
  await startTimers(folder, local("2030-01-01T00:10:00"), 0.5);
  const runs = await startTimers(folder, local("2030-01-01T02:10:00"), 0.5);
  expect(
    runs.filter((line) => /^(hourly|fromSetting)/.test(line)).map((line) => line.split(" ").slice(0, 3).join(" ")),
  ).toEqual(["hourly past due", "fromSetting past due"]);
});

test("an administrator can run a timer at any time; bad requests are refused", async () => {
  const trace = join(temporaryFolder(), "trace");
  const host = await startHost({ app, env: { NIGHTLY: "0 30 1 * * *", TRACE_FILE: trace } });
  const run = async (name: string, body: string, type = "application/json") =>
    (await fetch(`${host.url}/admin/functions/${name}`, { method: "POST", body, headers: { "content-type": type } }))
      .status;
  expect(await run("hourly", "{}")).toBe(202);
  expect(await run("HOURLY", "{}")).toBe(202);
  expect(await run("hourly", "")).toBe(400);
  expect(await run("hourly", "[]")).toBe(400);
  expect(await run("hourly", "{}", "text/plain")).toBe(415);
  expect(await run("noSuch", "{}")).toBe(404);
  expect(readFileSync(trace, "utf8")).toContain("hourly on time");
});
