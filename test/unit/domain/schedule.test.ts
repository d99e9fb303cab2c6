import { describe, expect, it } from "vitest";
import { dueOccurrence } from "../../../src/domain/schedule.ts";

const nightly = { cron: "0 2 * * *", timeZone: "Europe/Berlin" };
const at = (text: string) => new Date(text);

describe("dueOccurrence", () => {
  it("is due at its minute, in its own time zone, winter and summer", () => {
    expect(dueOccurrence(nightly, at("2026-01-14T12:00:00Z"), at("2026-01-15T01:00:00Z"))).toEqual(
      at("2026-01-15T01:00:00Z"),
    );
    expect(dueOccurrence(nightly, at("2026-07-14T12:00:00Z"), at("2026-07-15T00:04:59Z"))).toEqual(
      at("2026-07-15T00:00:00Z"),
    );
  });

  it("is not due before, nor a second time", () => {
    expect(dueOccurrence(nightly, at("2026-01-14T12:00:00Z"), at("2026-01-15T00:59:59Z"))).toBeUndefined();
    expect(dueOccurrence(nightly, at("2026-01-15T01:00:00Z"), at("2026-01-15T23:00:00Z"))).toBeUndefined();
  });

  it("is due for the last of several, also half a second before the next", () => {
    const hourly = { cron: "0 * * * *", timeZone: "UTC" };
    expect(dueOccurrence(hourly, at("2026-01-15T01:00:00Z"), at("2026-01-15T04:59:59.500Z"))).toEqual(
      at("2026-01-15T04:00:00Z"),
    );
  });

  it("makes up for a week of missed nights with one build", () => {
    expect(dueOccurrence(nightly, at("2026-01-07T12:00:00Z"), at("2026-01-15T12:00:00Z"))).toEqual(
      at("2026-01-15T01:00:00Z"),
    );
  });
});
