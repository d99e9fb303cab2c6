import { describe, expect, it } from "vitest";
import { schedule as schema } from "../../../../src/domain/recipes/schedule.ts";
import {
  coolUntil,
  decideAtOnce,
  decideByLook,
  type Look,
  type Moment,
} from "../../../../src/domain/schedule/decision.ts";
import { NOTHING_KNOWN, type ScheduleState } from "../../../../src/domain/schedule/state.ts";

const BUILT = "2027-01-10T02:00:00.000Z";
const built: ScheduleState = {
  ...NOTHING_KNOWN,
  lastBuilt: { buildId: "one-20270110-020000-aaaa", at: BUILT, templateHash: "hash", source: { version: "1.0.0" } },
};
const at = (text: string) => new Date(text);
const due = at("2027-01-15T02:00:00Z");
const moment: Moment = { image: "one", due, by: "calendar", retry: 0, at: due };
const schedule = (more: object) => schema.parse({ cron: "0 2 * * *", jitter: "0m", ...more });
const aged = (olderThan: string) => schedule({ condition: "when-older-than", olderThan });
const cool = (more: object = {}) => schedule({ coolDown: "3d", ...more });
const same: Look = { source: { version: "1.0.0" }, templateHash: "hash", coolUntil: undefined };

describe("an occurrence, before anybody asks Azure", () => {
  const always = schedule({});

  it("is skipped while the schedule pauses", () => {
    const paused = { since: BUILT, why: "3 builds in a row have failed" };
    expect(decideAtOnce(always, { ...built, paused }, moment)).toMatchObject({ kind: "skipped", why: "paused" });
  });

  it("is skipped while a build is under way that the schedule has started", () => {
    const running = { buildId: "one-20270115-015000-aaaa", due: "2027-01-15T01:50:00.000Z" };
    const verdict = decideAtOnce(always, { ...built, running }, moment);
    expect(verdict).toMatchObject({
      kind: "skipped",
      why: "under-way",
      detail: expect.stringContaining(running.buildId),
    });
  });

  it("is tried again only where that is still wanted", () => {
    const again = { ...moment, retry: 1 };
    const wanted = { due: due.toISOString(), number: 1, at: due.toISOString() };
    expect(decideAtOnce(always, { ...built, retry: wanted }, again)).toBeUndefined();
    const overtaken = { kind: "skipped", why: "overtaken" };
    expect(decideAtOnce(always, built, again)).toMatchObject(overtaken);
    expect(decideAtOnce(always, { ...built, retry: { ...wanted, number: 2 } }, again)).toMatchObject(overtaken);
  });

  it("that is looked at too late is made up for, or skipped where the recipe says so", () => {
    const late = { ...moment, at: at("2027-01-15T02:15:01Z") };
    const onTime = { ...moment, at: at("2027-01-15T02:15:00Z") };
    expect(decideAtOnce(always, built, late)).toBeUndefined();
    expect(decideAtOnce(schedule({ missed: "skip" }), built, late)).toMatchObject({ kind: "skipped", why: "missed" });
    expect(decideAtOnce(schedule({ missed: "skip" }), built, onTime)).toBeUndefined();
  });

  it("in a blackout is put off to its end, or skipped where the recipe says so", () => {
    const blackouts = [{ from: "2027-01-15", to: "2027-01-16", reason: "freeze" }];
    const until = "2027-01-17T00:00:00.000Z";
    expect(decideAtOnce(schedule({ blackouts }), built, moment)).toMatchObject({
      kind: "postponed",
      why: "blackout",
      until,
    });
    const skipped = { kind: "skipped", why: "blackout", detail: "It is in a blackout: freeze" };
    expect(decideAtOnce(schedule({ blackouts, missed: "skip" }), built, moment)).toEqual(skipped);
    const after = { ...moment, at: at(until) };
    expect(decideAtOnce(schedule({ blackouts }), built, after)).toBeUndefined();
    expect(decideAtOnce(schedule({ blackouts, missed: "skip" }), built, after)).toEqual(skipped);
  });

  it("that begins in a blackout by its jitter alone is put off as well", () => {
    const jittered = schedule({ jitter: "12h", blackouts: [{ weekly: "Fri 02:01 - Fri 23:00", reason: "x" }] });
    const later = { ...moment, at: at("2027-01-15T09:00:00Z") };
    expect(decideAtOnce(jittered, built, later)).toMatchObject({ kind: "postponed" });
  });

  it("is skipped while the image is younger than its condition says", () => {
    expect(decideAtOnce(aged("6d"), built, moment)).toMatchObject({ kind: "skipped", why: "too-young" });
    expect(decideAtOnce(aged("5d"), built, moment)).toBeUndefined();
    expect(decideAtOnce(aged("6d"), NOTHING_KNOWN, moment)).toBeUndefined();
  });

  it("that comes of the image's age is skipped where it has been built meanwhile", () => {
    const byAge = { ...moment, by: "age" as const };
    expect(decideAtOnce(schedule({ maximumAge: "6d" }), built, byAge)).toMatchObject({ why: "too-young" });
    expect(decideAtOnce(schedule({ maximumAge: "5d" }), built, byAge)).toBeUndefined();
  });
});

describe("an occurrence that is built when something has changed", () => {
  const changing = schedule({ condition: "when-changed" });

  it.each<[string, ScheduleState, Look, object]>([
    ["nothing", built, same, { kind: "skipped", why: "unchanged" }],
    ["its source", built, { ...same, source: { version: "1.0.1" } }, { kind: "started", why: "changed" }],
    [
      "the day on which the same version was published",
      built,
      { ...same, source: { version: "1.0.0", publishedAt: "2027-01-14T00:00:00Z" } },
      { kind: "started" },
    ],
    ["recipe, script or parameter", built, { ...same, templateHash: "other" }, { kind: "started", why: "changed" }],
    ["all of it: it was never built", NOTHING_KNOWN, same, { kind: "started", why: "changed" }],
    ["who knows what: the source is not shown", built, { ...same, source: undefined }, { kind: "started" }],
  ])("decides by what is new: %s", (_, state, look, expected) => {
    expect(decideByLook(changing, state, moment, look)).toMatchObject(expected);
  });

  it("is built all the same where the image is too old", () => {
    const old = schedule({ condition: "when-changed", maximumAge: "5d" });
    expect(decideByLook(old, built, moment, same)).toMatchObject({ kind: "started", why: "too-old" });
  });
});

describe("a base version that cools down", () => {
  const fresh: Look = { ...same, source: { version: "1.0.1" }, coolUntil: at("2027-01-16T00:00:00Z") };

  it("is not built on, whatever the condition, nor where something else has changed", () => {
    expect(decideByLook(cool(), built, moment, fresh)).toMatchObject({ kind: "skipped", why: "cooling-down" });
    expect(decideByLook(cool({ maximumAge: "5d" }), built, moment, fresh)).toMatchObject({ why: "cooling-down" });
    const changed = { ...fresh, templateHash: "other" };
    expect(decideByLook(cool({ condition: "when-changed" }), built, moment, changed)).toMatchObject({
      why: "cooling-down",
    });
  });

  it("is no change yet: the one before it counts", () => {
    expect(decideByLook(cool({ condition: "when-changed" }), built, moment, fresh)).toMatchObject({ why: "unchanged" });
  });

  it("is built on once it has cooled down", () => {
    const later = { ...moment, at: at("2027-01-16T00:00:00Z") };
    expect(decideByLook(cool({ condition: "when-changed" }), built, later, fresh)).toMatchObject({ why: "changed" });
    expect(decideByLook(cool(), built, later, fresh)).toMatchObject({ kind: "started", why: "due" });
  });

  it("that nobody can see is not built on either", () => {
    const unseen = { ...fresh, source: undefined, coolUntil: undefined };
    expect(decideByLook(cool(), built, moment, unseen)).toMatchObject({ kind: "skipped", why: "source-unknown" });
  });

  it("cools from when it was published, else from when it was seen first; one that the recipe names never does", () => {
    const sku = { type: "PlatformImage" as const, publisher: "p", offer: "o", sku: "s" };
    const seenAt = "2027-01-14T02:00:00.000Z";
    const until = (source: Parameters<typeof coolUntil>[1], version: Parameters<typeof coolUntil>[2]) =>
      coolUntil(cool(), source, version, seenAt)?.toISOString();
    expect(until({ ...sku, version: "latest" }, { version: "2" })).toBe("2027-01-17T02:00:00.000Z");
    expect(until({ ...sku, version: "2" }, { version: "2" })).toBeUndefined();
    const gallery = { type: "SharedImageVersion" as const, imageVersionId: "/x/versions/latest" };
    const published = { version: "2.0.0", publishedAt: "2027-01-13T00:00:00Z" };
    expect(until(gallery, published)).toBe("2027-01-16T00:00:00.000Z");
  });
});
