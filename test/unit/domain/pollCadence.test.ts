import { describe, expect, it } from "vitest";
import { expectedSeconds, secondsToNextPoll } from "../../../src/domain/pollCadence.ts";

/** Looks at a run that takes `length` seconds, where `expected` was expected. */
function looks(length: number, expected: number, eventsCome = false): { count: number; late: number } {
  let elapsed = 0;
  let count = 0;
  while (elapsed < length) {
    elapsed += secondsToNextPoll(elapsed, expected, eventsCome);
    count += 1;
  }
  return { count, late: elapsed - length };
}

describe("secondsToNextPoll", () => {
  it.each([25, 26, 27, 28, 29, 30])("sees the end of a run of %i minutes soon, in few looks", (minutes) => {
    const { count, late } = looks(minutes * 60, 28 * 60);
    expect(count).toBeLessThanOrEqual(16);
    expect(late).toBeLessThanOrEqual(45);
  });

  it("looks no more than 160 times at a run of 16 hours that was expected to take half an hour", () => {
    expect(looks(16 * 3600, 30 * 60).count).toBeLessThan(160);
  });

  it("sees the ends of runs of nearly the usual time within 15 seconds, by fewer than ten looks, both on average", () => {
    const seen = Array.from({ length: 201 }, (_, second) => looks(27 * 60 - 100 + second, 27 * 60));
    expect(seen.reduce((sum, { late }) => sum + late, 0) / seen.length).toBeLessThan(15);
    expect(seen.reduce((sum, { count }) => sum + count, 0) / seen.length).toBeLessThan(10);
  });

  it("sees the end of a run that fails early within 13 and a half minutes where half an hour was expected", () => {
    const late = Array.from({ length: 27 * 60 }, (_, second) => looks(second + 1, 29 * 60).late);
    expect(Math.max(...late)).toBeLessThan(13.5 * 60);
  });

  it.each([25, 27, 29])("looks half as often where events come, and misses a run of %i minutes by five", (minutes) => {
    const { count, late } = looks(minutes * 60, 28 * 60, true);
    expect(count).toBeLessThanOrEqual(looks(minutes * 60, 28 * 60).count / 2 + 1);
    expect(late).toBeLessThanOrEqual(300);
  });

  it("asks within a quarter of an hour for a run that nobody has begun, also where events come", () => {
    expect(secondsToNextPoll(0, 28 * 60, true)).toBeLessThanOrEqual(900);
  });

  it("never looks twice within 23 seconds", () => {
    for (const elapsed of [0, 1, 10, 1790, 1800, 1810]) {
      expect(secondsToNextPoll(elapsed, 1800)).toBeGreaterThanOrEqual(23);
    }
  });
});

describe("expectedSeconds", () => {
  it("is the median of what runs of the image have taken", () => {
    expect(expectedSeconds([100, 9000, 120])).toBe(120);
  });

  it("is nearly half an hour for an image that has never been built", () => {
    expect(expectedSeconds([])).toBe(1740);
  });
});
