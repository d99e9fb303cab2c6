import { describe, expect, it } from "vitest";
import {
  decideFollow,
  type FollowDecision,
  type FollowMoment,
  type FollowState,
  startedOf,
  withDecision,
} from "../../../../src/domain/follow/decision.ts";
import { standingOf } from "../../../../src/domain/follow/standing.ts";
import { schedule } from "../../../../src/domain/recipes/schedule.ts";

const release = { source: "/x/images/base", version: "1.10.0", publishedAt: "2027-01-10T00:00:00.000Z" };
const moment: FollowMoment = {
  at: "2027-01-11T12:00:00.000Z",
  since: "2027-01-11T11:00:00.000Z",
  lastBuilt: { buildId: "app-1", at: "2027-01-01T00:00:00.000Z", source: { version: "1.9.0" } },
};
const follows = { follow: {} };
const newest = { kind: "newest" as const };

const regions = [{ name: "westeurope", isExcluded: false }];
const seen = {
  state: "Succeeded",
  isExcluded: false,
  regions,
  replication: new Map([["westeurope", "Completed"]]),
  others: [{ name: "1.9.0", state: "Succeeded", isExcluded: false, regions }],
};

describe("a version in a gallery", () => {
  it("is the newest by its number, not by its text", () => {
    expect(standingOf("1.10.0", seen, "westeurope")).toEqual({ kind: "newest" });
    const others = [{ name: "1.10.0", state: "Succeeded", isExcluded: false, regions }];
    expect(standingOf("1.9.0", { ...seen, others }, "westeurope")).toMatchObject({ kind: "out", why: "older" });
  });

  it("is not outdone by one that is excluded, has failed, or is in another region only", () => {
    const higher = { name: "2.0.0", state: "Succeeded", isExcluded: false, regions };
    for (const other of [
      { ...higher, isExcluded: true },
      { ...higher, state: "Failed" },
      { ...higher, state: "Creating" },
      { ...higher, regions: [{ name: "northeurope", isExcluded: false }] },
      { ...higher, regions: [{ name: "westeurope", isExcluded: true }] },
    ]) {
      expect(standingOf("1.10.0", { ...seen, others: [other] }, "westeurope")).toEqual({ kind: "newest" });
    }
  });

  it.each([
    ["excluded", { ...seen, isExcluded: true }],
    ["excluded", { ...seen, regions: [{ name: "westeurope", isExcluded: true }] }],
    ["not-in-region", { ...seen, regions: [{ name: "northeurope", isExcluded: false }] }],
    ["version-failed", { ...seen, state: "Failed" }],
  ])("that cannot be built on is out: %s", (why, version) => {
    expect(standingOf("1.10.0", version, "westeurope")).toMatchObject({ kind: "out", why });
  });

  it("is waited for until the region of the recipe has it", () => {
    const replicating = { ...seen, replication: new Map([["westeurope", "Replicating"]]) };
    expect(standingOf("1.10.0", replicating, "westeurope").kind).toBe("not-yet");
    expect(standingOf("1.10.0", { ...seen, state: "Creating" }, "westeurope").kind).toBe("not-yet");
  });
});

describe("an image that follows its source", () => {
  it("is built on the newest version, once", () => {
    expect(decideFollow(follows, release, newest, moment)).toMatchObject({ kind: "start", why: "new-version" });
    const lastBuilt = { buildId: "app-2", at: moment.at, source: { version: "1.10.0" } };
    expect(decideFollow(follows, release, newest, { ...moment, lastBuilt })).toMatchObject({ why: "built-already" });
  });

  it("is built again where a version was deleted and written anew under its number", () => {
    const source = { version: "1.10.0", publishedAt: "2027-01-05T00:00:00.000Z" };
    const lastBuilt = { buildId: "app-2", at: moment.at, source };
    expect(decideFollow(follows, release, newest, { ...moment, lastBuilt }).kind).toBe("start");
  });

  it("waits until the version has cooled down, from when it came out, or else from when it was seen first", () => {
    const cool = { follow: { coolDown: "3d" } };
    const until = "2027-01-13T00:00:00.000Z";
    expect(decideFollow(cool, release, newest, moment)).toMatchObject({ kind: "wait", why: "cooling-down", until });
    expect(decideFollow(cool, release, newest, { ...moment, at: until }).kind).toBe("start");
    const { publishedAt: _, ...marketplace } = release;
    expect(decideFollow(cool, marketplace, { ...newest, since: moment.at }, moment)).toMatchObject({
      until: "2027-01-14T12:00:00.000Z",
    });
  });

  it("waits for the end of a blackout of its schedule", () => {
    const frozen = schedule.parse({
      cron: "0 2 * * *",
      blackouts: [{ from: "2027-01-11", to: "2027-01-12", reason: "f" }],
    });
    expect(decideFollow({ ...follows, schedule: frozen }, release, newest, moment)).toMatchObject({
      kind: "wait",
      why: "blackout",
      until: "2027-01-13T00:00:00.000Z",
    });
  });

  it("waits a day for the replication, and no longer", () => {
    const notYet = { kind: "not-yet" as const, detail: "It replicates." };
    expect(decideFollow(follows, release, notYet, moment)).toMatchObject({ kind: "wait", why: "replicating" });
    const late = { ...moment, at: "2027-01-12T11:00:00.000Z" };
    expect(decideFollow(follows, release, notYet, late)).toMatchObject({ kind: "skip", why: "not-replicated" });
  });

  it("is left alone where its recipe does not say so", () => {
    expect(decideFollow({}, release, newest, moment)).toMatchObject({ kind: "skip", why: "not-following" });
  });
});

describe("what is kept of decisions", () => {
  const started = { ...release, kind: "started" as const, why: "new-version" as const, detail: "", at: moment.at };
  const { publishedAt: _, ...first } = { ...started, buildId: "app-1" };

  it("never takes a start back", () => {
    const state = withDecision({ decisions: [] }, first);
    const skipped = { ...first, kind: "skipped" as const, why: "older" as const };
    expect(withDecision(state, skipped)).toBe(state);
    expect(startedOf(state, { source: "/X/images/BASE", version: "1.10.0" })?.buildId).toBe("app-1");
  });

  const after = (state: FollowState, versions: readonly string[], decided: Partial<FollowDecision> = {}) =>
    versions.reduce((before, version) => withDecision(before, { ...first, ...decided, version }), state);
  const fifty = Array.from({ length: 50 }, (_, number) => `2.${number}.0`);

  it("is bounded, and has the newest first", () => {
    const state = after(
      after({ decisions: [] }, fifty),
      fifty.map((version) => `1${version}`),
      { kind: "skipped" },
    );
    expect(state.decisions).toHaveLength(40);
    expect(state.decisions.map(({ version }) => version)).toEqual([
      ...fifty
        .slice(-20)
        .map((version) => `1${version}`)
        .toReversed(),
      ...fifty.slice(-20).toReversed(),
    ]);
  });

  it.each(["skipped", "waiting", "stopped"] as const)("has a start however many others are %s", (kind) => {
    const state = after({ decisions: [first] }, fifty, { kind });
    expect(startedOf(state, first)).toEqual(first);
  });

  it("has the starts on the highest versions of a source, and those of other sources", () => {
    const other = { ...first, source: "/x/images/other", version: "0.1.0" };
    const state = after({ decisions: [other] }, fifty.toReversed());
    expect(startedOf(state, { ...first, version: "2.49.0" })).toBeDefined();
    expect(startedOf(state, { ...first, version: "2.25.0" })).toBeUndefined();
    expect(startedOf(state, other)).toEqual(other);
  });

  it("has the newest start, also on a version below all that were pulled", () => {
    const started = withDecision(after({ decisions: [] }, fifty), first);
    expect(startedOf(after(started, ["0.1.0"], { kind: "skipped" }), first)).toEqual(first);
  });
});
