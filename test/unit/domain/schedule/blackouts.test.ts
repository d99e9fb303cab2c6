import { describe, expect, it } from "vitest";
import { blackoutAt } from "../../../../src/domain/schedule/blackouts.ts";

const untilOf = (blackouts: Parameters<typeof blackoutAt>[0], timeZone: string, instant: string) =>
  blackoutAt(blackouts, timeZone, new Date(instant))?.until.toISOString();

describe("a blackout of dates", () => {
  const turn = [{ from: "2026-12-20 18:00", to: "2027-01-03", reason: "freeze" }];

  it("goes over the end of a year, to the end of its last day in its time zone", () => {
    expect(untilOf(turn, "Europe/Berlin", "2026-12-20T16:59:59Z")).toBeUndefined();
    expect(untilOf(turn, "Europe/Berlin", "2026-12-20T17:00:00Z")).toBe("2027-01-03T23:00:00.000Z");
    expect(untilOf(turn, "Europe/Berlin", "2027-01-03T22:59:59Z")).toBe("2027-01-03T23:00:00.000Z");
    expect(untilOf(turn, "Europe/Berlin", "2027-01-03T23:00:00Z")).toBeUndefined();
    expect(blackoutAt(turn, "UTC", new Date("2027-01-01T00:00Z"))?.reason).toBe("freeze");
  });

  it("ends at its time where that is told, also in a night in which the clock is changed", () => {
    const night = [{ from: "2027-03-27 22:00", to: "2027-03-28 04:00", reason: "x" }];
    expect(untilOf(night, "Europe/Berlin", "2027-03-28T01:59:00Z")).toBe("2027-03-28T02:00:00.000Z");
    expect(untilOf(night, "Europe/Berlin", "2027-03-28T02:00:00Z")).toBeUndefined();
  });
});

describe("a blackout of each week", () => {
  const weekend = [{ weekly: "Fri 18:00 - Mon 06:00", reason: "nobody is there" }];

  it("holds from its day to its day, over the end of a year and a change of the clock", () => {
    // 2027-01-01 is a Friday.
    expect(untilOf(weekend, "Europe/Berlin", "2027-01-01T16:59:59Z")).toBeUndefined();
    expect(untilOf(weekend, "Europe/Berlin", "2027-01-01T17:00:00Z")).toBe("2027-01-04T05:00:00.000Z");
    expect(untilOf(weekend, "Europe/Berlin", "2027-01-04T05:00:00Z")).toBeUndefined();
    expect(untilOf(weekend, "Europe/Berlin", "2027-03-27T12:00:00Z")).toBe("2027-03-29T04:00:00.000Z");
  });

  it("within one day", () => {
    const noon = [{ weekly: "Wed 11:00 - Wed 13:00", reason: "x" }];
    expect(untilOf(noon, "UTC", "2027-01-06T12:00:00Z")).toBe("2027-01-06T13:00:00.000Z");
    expect(untilOf(noon, "UTC", "2027-01-07T12:00:00Z")).toBeUndefined();
  });
});

it("blackouts that meet are over when the last one is", () => {
  const blackouts = [
    { from: "2027-01-02", to: "2027-01-02", reason: "one" },
    { weekly: "Sun 00:00 - Sun 12:00", reason: "two" },
  ];
  expect(untilOf(blackouts, "UTC", "2027-01-02T05:00:00Z")).toBe("2027-01-03T12:00:00.000Z");
});
