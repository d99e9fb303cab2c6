import { describe, expect, it } from "vitest";
import { schedule as schema } from "../../../../src/domain/recipes/schedule.ts";
import { nextOccurrence, occurrencesBetween, startOf } from "../../../../src/domain/schedule/occurrences.ts";

const at = (text: string) => new Date(text);
const NEVER = { builtAt: undefined, since: "2027-01-10T09:30:20.000Z" };

describe("an image's age", () => {
  const monthly = schema.parse({ maximumAge: "30d" });

  it("makes it due when it is older, and each day from then on", () => {
    const ageing = { ...NEVER, builtAt: "2027-01-15T02:00:00.000Z" };
    const due = occurrencesBetween(monthly, ageing, {
      after: at("2027-01-16T00:00Z"),
      until: at("2027-02-17T00:00Z"),
      most: 9,
    });
    expect(due).toEqual([
      { due: at("2027-02-14T02:01:00Z"), by: "age" },
      { due: at("2027-02-15T02:01:00Z"), by: "age" },
      { due: at("2027-02-16T02:01:00Z"), by: "age" },
    ]);
  });

  it("makes one due at once that was never built", () => {
    expect(nextOccurrence(monthly, NEVER, at(NEVER.since))).toEqual({ due: at("2027-01-10T09:31:00Z"), by: "age" });
  });

  it("adds to a calendar, which counts where both are due at one time", () => {
    const both = schema.parse({ cron: "1 2 * * 0", maximumAge: "30d" });
    const ageing = { ...NEVER, builtAt: "2027-01-15T02:00:00.000Z" };
    const due = occurrencesBetween(both, ageing, {
      after: at("2027-02-07T12:00Z"),
      until: at("2027-02-15T12:00Z"),
      most: 9,
    });
    expect(due).toEqual([
      { due: at("2027-02-14T02:01:00Z"), by: "calendar" },
      { due: at("2027-02-15T02:01:00Z"), by: "age" },
    ]);
  });
});

describe("the jitter", () => {
  const due = at("2027-01-15T02:00:00Z");
  const images = Array.from({ length: 200 }, (_, index) => `image-${index}`);

  it("spreads 200 recipes of one minute over five, so that never more than a few start in one second", () => {
    const nightly = schema.parse({ cron: "0 2 * * *" });
    const seconds = images.map((image) => (Number(startOf(nightly, image, due)) - Number(due)) / 1000);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...seconds)).toBeLessThan(300);
    const perMinute = [0, 1, 2, 3, 4].map((minute) => seconds.filter((one) => Math.floor(one / 60) === minute).length);
    for (const count of perMinute) expect(count).toBeGreaterThan(20);
    const perSecond = seconds.map((one) => seconds.filter((other) => other === one).length);
    expect(Math.max(...perSecond)).toBeLessThan(8);
  });

  it("is the same whenever it is asked for, and another one each night", () => {
    const nightly = schema.parse({ cron: "0 2 * * *", jitter: "2h" });
    const again = schema.parse({ cron: "0 2 * * *", jitter: "2h" });
    expect(startOf(nightly, "one", due)).toEqual(startOf(again, "one", due));
    const next = at("2027-01-16T02:00:00Z");
    expect(Number(startOf(nightly, "one", next)) - Number(next)).not.toBe(
      Number(startOf(nightly, "one", due)) - Number(due),
    );
  });

  it("is none where the recipe wants none", () => {
    const exact = schema.parse({ cron: "0 2 * * *", jitter: "0m" });
    for (const image of images) expect(startOf(exact, image, due)).toEqual(due);
  });
});
