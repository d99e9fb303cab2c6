import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../local/functionsHost/timer/schedule.ts";
import { ncrontabOf } from "../../../src/domain/ncrontab.ts";

const TAKEN = [
  "0 */10 * * * *",
  "*/15 * * * * *",
  "0 0 3 * * 1-5",
  "0 0 3 * * Mon,wed,FRI",
  "0 0 3 1 jan-mar *",
  "0 5/10 8-18/2 * * 0",
  "0 0 3 1 * 1",
  " 0  0 3 * * * ",
];
const REFUSED = [
  "0 0 3 * * 7",
  "0 0 3 * * 07",
  "0 0 3 * * 5-7",
  "0 0 3 * * 1,7",
  "0 0 3 L * *",
  "0 0 3 ? * *",
  "0 0 3 1W * *",
  "0 0 3 * * 1#1",
  "0 0 3 * * +1",
  "0 0 3 * * 5L",
  "0 0 24 * * *",
  "0 60 3 * * *",
  "0 0 3 0 * *",
  "0 0 3 * 13 *",
  "0 0 3 30 2 *",
  "0 0 3 * * Moon",
  "@daily",
  "every night",
  "",
];

/** Whether the local host takes it, which knows nothing of the service's own reading. */
function isTakenByHost(text: string): boolean {
  try {
    parseSchedule(text).nextAfter(Date.parse("2030-01-01T00:00:00Z"));
    return true;
  } catch {
    return false;
  }
}

describe("a schedule of six fields", () => {
  it.each(TAKEN)("is taken as the host takes it: %s", (text) => {
    expect([isTakenByHost(text), ncrontabOf(text) !== undefined]).toEqual([true, true]);
  });

  it.each(REFUSED)("is refused where the host's timer would never run: %s", (text) => {
    expect([isTakenByHost(text), ncrontabOf(text)]).toEqual([false, undefined]);
  });

  it("is due on days that fit both the month and the week", () => {
    const [first] = ncrontabOf("0 0 3 1 * 1")?.nextRuns(1, new Date("2026-11-29T00:00:00Z")) ?? [];
    expect(first?.toISOString()).toBe("2027-02-01T03:00:00.000Z");
  });

  it("is in UTC, whatever the machine's time", () => {
    const [first] = ncrontabOf("0 0 3 * * *")?.nextRuns(1, new Date("2026-11-29T00:00:00Z")) ?? [];
    expect(first?.toISOString()).toBe("2026-11-29T03:00:00.000Z");
  });
});
