import { describe, expect, it } from "vitest";
import { type Calendar, cronCalendar, cronFault, patchCalendar } from "../../../../src/domain/schedule/calendar.ts";

const at = (text: string) => new Date(text);

/** The next ones after an instant, ISO 8601 without what is always the same. */
function nextOnes(calendar: Calendar, after: string, count: number): string[] {
  const found: string[] = [];
  let from = at(after);
  while (found.length < count) {
    const next = calendar.next(from);
    if (!next) break;
    found.push(next.toISOString().slice(0, 16));
    from = next;
  }
  return found;
}

describe("a cron expression in a time zone", () => {
  it.each([
    ["Europe/Berlin, forward", "Europe/Berlin", "30 2 * * *", "2027-03-27T12:00Z", ["28T01:30", "29T00:30"]],
    ["Europe/Berlin, back", "Europe/Berlin", "30 2 * * *", "2027-10-30T12:00Z", ["31T00:30", "01T01:30"]],
    ["America/New_York, forward", "America/New_York", "30 2 * * *", "2027-03-13T12:00Z", ["14T07:30", "15T06:30"]],
    ["America/New_York, back", "America/New_York", "30 1 * * *", "2027-11-06T12:00Z", ["07T05:30", "08T06:30"]],
    [
      "Lord Howe, half an hour forward",
      "Australia/Lord_Howe",
      "15 2 * * *",
      "2027-10-02T12:00Z",
      ["02T15:45", "03T15:15"],
    ],
    [
      "Lord Howe, half an hour back",
      "Australia/Lord_Howe",
      "45 1 * * *",
      "2027-04-03T12:00Z",
      ["03T14:45", "04T15:15"],
    ],
    ["half an hour off, never changed", "Asia/Kolkata", "30 2 * * *", "2027-04-02T12:00Z", ["02T21:00", "03T21:00"]],
    ["three quarters off", "Asia/Kathmandu", "0 2 * * *", "2027-04-02T12:00Z", ["02T20:15", "03T20:15"]],
  ])("comes once a day when the clock is changed: %s", (_, timeZone, cron, after, expected) => {
    const found = nextOnes(cronCalendar(cron, timeZone), after, 2);
    expect(found.map((one) => one.slice(8))).toEqual(expected);
  });

  it("comes as often as on any day where several times fall into the hour that does not exist, or comes twice", () => {
    const twice = cronCalendar("0,30 2 * * *", "Europe/Berlin");
    expect(nextOnes(twice, "2027-03-27T12:00Z", 3)).toEqual([
      "2027-03-28T01:00",
      "2027-03-28T01:30",
      "2027-03-29T00:00",
    ]);
    expect(nextOnes(twice, "2027-10-30T12:00Z", 3)).toEqual([
      "2027-10-31T00:00",
      "2027-10-31T00:30",
      "2027-11-01T01:00",
    ]);
    const hours = cronCalendar("0 1-3 * * *", "Europe/Berlin");
    expect(nextOnes(hours, "2027-10-30T12:00Z", 4).map((one) => one.slice(8))).toEqual([
      "30T23:00",
      "31T00:00",
      "31T02:00",
      "01T00:00",
    ]);
    // 02:00 is put off to 03:00, which comes anyway.
    expect(nextOnes(hours, "2027-03-27T12:00Z", 3).map((one) => one.slice(8))).toEqual([
      "28T00:00",
      "28T01:00",
      "28T23:00",
    ]);
  });

  it("overtakes nothing that a clock put forward has put off", () => {
    // 02:15 does not exist on that night and is put off to 02:45; 02:40 exists.
    const calendar = cronCalendar("15,40 2 * * *", "Australia/Lord_Howe");
    expect(nextOnes(calendar, "2027-10-02T12:00Z", 2)).toEqual(["2027-10-02T15:40", "2027-10-02T15:45"]);
  });

  it("goes on through the hour that comes twice where it comes each hour", () => {
    const calendar = cronCalendar("*/30 * * * *", "Europe/Berlin");
    const found = calendar.between(at("2027-10-30T23:45Z"), at("2027-10-31T02:00Z"), 50);
    expect(found.map((one) => one.toISOString().slice(11, 16))).toEqual(["00:00", "00:30", "01:00", "01:30", "02:00"]);
  });

  it.each([
    ["Europe/Berlin", "30 2 * * *"],
    ["America/New_York", "0,30 1-2 * * 1-5"],
    ["Australia/Lord_Howe", "15,40 1,2 * * *"],
    ["Europe/Berlin", "15 * * * *"],
  ])("tells backward what it tells forward, over both changes of the clock in %s: %s", (timeZone, cron) => {
    const calendar = cronCalendar(cron, timeZone);
    for (const [from, until] of [
      [at("2027-03-10T00:00Z"), at("2027-04-08T00:00Z")],
      [at("2027-09-30T00:00Z"), at("2027-11-09T00:00Z")],
    ] as const) {
      const forward: Date[] = [];
      for (let next = calendar.next(from); next && next <= until; next = calendar.next(next)) forward.push(next);
      expect(forward.length).toBeGreaterThan(25);
      expect(calendar.between(from, until, forward.length + 9)).toEqual(forward);
      expect(calendar.between(from, until, 10)).toEqual(forward.slice(-10));
    }
  });

  it("is at fault where it is none, or never comes", () => {
    expect(cronFault("0 2 * *")).toContain("takes five fields");
    expect(cronFault("61 2 * * *")).toContain("Invalid value for minute");
    expect(cronFault("0 2 30 2 *")).toContain("never comes");
    expect(cronFault("0 2 29 2 *")).toBeUndefined();
  });
});

describe("patch Tuesday", () => {
  it("is the second Tuesday of each month, over years", () => {
    const calendar = patchCalendar("patch-tuesday 18:00", "UTC");
    const found = nextOnes(calendar, "2026-12-31T00:00Z", 36).map((one) => at(`${one}Z`));
    expect(found).toHaveLength(36);
    for (const [index, one] of found.entries()) {
      expect([one.getUTCDay(), one.getUTCMonth(), one.getUTCFullYear()]).toEqual([
        2,
        index % 12,
        2027 + Math.floor(index / 12),
      ]);
      expect(Math.ceil(one.getUTCDate() / 7)).toBe(2);
    }
    // As Microsoft's calendar has them.
    expect(nextOnes(calendar, "2025-12-31T00:00Z", 4).map((one) => one.slice(5, 10))).toEqual([
      "01-13",
      "02-10",
      "03-10",
      "04-14",
    ]);
  });

  it("counts days after it also into the next month, in its time zone", () => {
    const calendar = patchCalendar("patch-tuesday + 25d 03:00", "Europe/Berlin");
    expect(nextOnes(calendar, "2027-02-28T12:00Z", 2)).toEqual(["2027-03-06T02:00", "2027-04-03T01:00"]);
    expect(calendar.between(at("2027-02-28T12:00Z"), at("2027-04-30T00:00Z"), 9)).toHaveLength(2);
  });

  it("comes once in a night in which the clock is changed", () => {
    // 2027-03-28 is 19 days after patch Tuesday, 2027-10-31 is 19 days after as well.
    const calendar = patchCalendar("patch-tuesday + 19d 02:30", "Europe/Berlin");
    expect(nextOnes(calendar, "2027-03-20T00:00Z", 1)).toEqual(["2027-03-28T01:30"]);
    expect(calendar.between(at("2027-10-30T00:00Z"), at("2027-11-02T00:00Z"), 9)).toEqual([at("2027-10-31T00:30Z")]);
  });
});
