import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { occurrenceId, type Quiet, startDueBuilds } from "../../../src/functions/dueBuilds.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { scheduledRecipe } from "../../support/scheduledRecipe.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const recipe = (name: string, cron: string, more: object = {}) => scheduledRecipe(name, { cron, ...more });
const ONE = recipe("one", "0 1 * * *");
const TWO = recipe("two", "0 1 * * *");
const at = (text: string) => new Date(text);
const id = (image: string, due = "2027-01-15T01:00:00Z", retry = 0) => occurrenceId(image, at(due), retry);
const SKIPPED = { kind: "skipped", why: "paused", detail: "x", decidedAt: "2027-01-15T01:00:00.000Z" };
const decided = (due: string, more: object = {}) => ({ ...SKIPPED, due: at(due).toISOString(), ...more });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: at("2027-01-15T00:57:00Z") });
});
afterEach(() => vi.useRealTimers());

/** An archive whose schedules were decided upon until before the hour, an engine, and a tick of the timer on both. */
async function nightOf(recipes: Recipe[], isForbidden?: (path: string) => boolean) {
  const archive = await memoryArchive(isForbidden);
  for (const { name } of recipes) {
    if (isForbidden?.(`/${archiveNames.schedule(name)}`)) continue;
    await archive.writeJson(archiveNames.schedule(name), { decidedUntil: "2027-01-15T00:52:00.000Z" });
  }
  const engine = fakeDurableClient();
  const errors: string[] = [];
  const context = { error: (text: string) => void errors.push(text) };
  const quiet: Quiet = new Map();
  const tick = (time?: string) => {
    if (time) vi.setSystemTime(at(time));
    return startDueBuilds(recipes, archive, engine.client, context, quiet);
  };
  const stateOf = async (image: string) => (await archive.readJson(archiveNames.schedule(image)))?.value;
  return { archive, engine, errors, tick, stateOf };
}

describe("a tick of the schedules", () => {
  it("runs all that is due by the next one, each to wait for its own second", async () => {
    const { engine, tick } = await nightOf([ONE, TWO, recipe("later", "30 1 * * *")]);
    await tick();
    expect(engine.started()).toEqual([id("one"), id("two")]);
    const due = "2027-01-15T01:00:00.000Z";
    expect(engine.inputOf(id("one"))).toEqual({ image: "one", due, by: "calendar", retry: 0, startAt: due });
  });

  it("runs no occurrence twice, however many ticks come, and two at once", async () => {
    const { engine, tick } = await nightOf([ONE]);
    await Promise.all([tick(), tick()]);
    await tick("2027-01-15T01:02:00Z");
    engine.end(id("one"), decided("2027-01-15T01:00:00Z"));
    await tick("2027-01-15T01:07:00Z");
    await tick("2027-01-15T01:12:00Z");
    expect(engine.started()).toEqual([id("one")]);
    await tick("2027-01-16T00:57:00Z");
    expect(engine.started()).toEqual([id("one"), id("one", "2027-01-16T01:00:00Z")]);
  });

  it.each(["Terminated", "Failed"])(
    "runs an occurrence again whose instance has ended undecided: %s",
    async (status) => {
      const { engine, tick, stateOf } = await nightOf([ONE]);
      await tick();
      engine.end(id("one"), "no decision", status);
      await tick("2027-01-15T01:02:00Z");
      expect(engine.started()).toEqual([id("one"), id("one")]);
      expect(await stateOf("one")).toMatchObject({ decidedUntil: "2027-01-15T00:52:00.000Z" });
    },
  );

  it("runs an occurrence again whose instance was purged: what was decided of it is carried out", async () => {
    const { engine, tick } = await nightOf([ONE]);
    await tick();
    engine.purge(id("one"));
    await tick("2027-01-15T01:02:00Z");
    expect(engine.started()).toEqual([id("one"), id("one")]);
  });

  it("does not make up for the past of a schedule that it has never looked at", async () => {
    const { archive, engine, tick, stateOf } = await nightOf([ONE]);
    await archive.delete(archiveNames.schedule("one"));
    await tick("2027-01-15T01:02:00Z");
    expect(engine.started()).toEqual([]);
    expect(await stateOf("one")).toMatchObject({ decidedUntil: "2027-01-15T01:02:00.000Z" });
  });

  it("goes on from where it was told before schedules had documents of their own", async () => {
    const { archive, engine, tick } = await nightOf([ONE]);
    await archive.delete(archiveNames.schedule("one"));
    const before = { runSeconds: [60], scheduleDecidedUntil: "2027-01-14T00:57:00Z" };
    await archive.writeJson(archiveNames.image("one"), before);
    await tick("2027-01-14T01:02:00Z");
    expect(engine.started()).toEqual([id("one", "2027-01-14T01:00:00Z")]);
  });

  it("tries an occurrence again when its time has come", async () => {
    const { archive, engine, tick } = await nightOf([recipe("one", "0 9 * * *")]);
    const due = "2027-01-14T09:00:00.000Z";
    const retry = { due, number: 1, at: "2027-01-15T01:15:00.000Z" };
    await archive.writeJson(archiveNames.schedule("one"), { decidedUntil: due, retry });
    await tick("2027-01-15T01:02:00Z");
    expect(engine.started()).toEqual([]);
    await tick("2027-01-15T01:12:00Z");
    expect(engine.started()).toEqual([id("one", due, 1)]);
    expect(engine.inputOf(id("one", due, 1))).toMatchObject({ due, retry: 1, startAt: retry.at });
  });
});

describe("a tick after hours in which none came", () => {
  const HOURLY = recipe("one", "0 * * * *");

  it("runs the last occurrence that was missed, and keeps of the others that it counts for them", async () => {
    const { archive, engine, tick, stateOf } = await nightOf([HOURLY]);
    await tick("2027-01-15T04:30:00Z");
    expect(engine.started()).toEqual([id("one", "2027-01-15T04:00:00Z")]);
    for (const hour of ["01", "02", "03"]) {
      const kept = await archive.readJson(archiveNames.decision("one", `20270115T${hour}0000Z`, 0));
      expect(kept?.value).toMatchObject({ kind: "skipped", why: "missed" });
    }
    expect(await stateOf("one")).toMatchObject({ decidedUntil: "2027-01-15T03:00:00.000Z" });
  });

  it("makes good what was decided to start before, and was not", async () => {
    const { archive, engine, tick } = await nightOf([HOURLY]);
    const started = decided("2027-01-15T02:00:00Z", { kind: "started", why: "due", buildId: "b" });
    await archive.writeJson(archiveNames.decision("one", "20270115T020000Z", 0), started);
    await tick("2027-01-15T04:30:00Z");
    expect(engine.started()).toEqual([id("one", "2027-01-15T02:00:00Z"), id("one", "2027-01-15T04:00:00Z")]);
  });

  it("keeps the last fifty of a year, and goes on", async () => {
    const { archive, engine, tick } = await nightOf([HOURLY]);
    await tick("2028-01-15T04:30:00Z");
    expect(engine.started()).toEqual([id("one", "2028-01-15T04:00:00Z")]);
    expect(await archive.names(archiveNames.decisions("one"))).toHaveLength(49);
  });

  it("starts what many recipes have missed spread over their jitter", async () => {
    const recipes = Array.from({ length: 20 }, (_, index) => recipe(`image-${index}`, "0 1 * * *", { jitter: "10m" }));
    const { engine, tick } = await nightOf(recipes);
    await tick("2027-01-15T04:30:00Z");
    const starts = recipes.map(({ name }) => (engine.inputOf(id(name)) as { startAt: string }).startAt);
    expect(new Set(starts).size).toBeGreaterThan(15);
    for (const start of starts) {
      expect(start >= "2027-01-15T04:30:00.000Z" && start < "2027-01-15T04:40:00.000Z", start).toBe(true);
    }
  });
});

describe("a tick on an occurrence that is put off", () => {
  it("runs it again when that is over, and not before", async () => {
    const { engine, tick } = await nightOf([ONE]);
    await tick();
    const until = "2027-01-15T06:00:00.000Z";
    engine.end(id("one"), decided("2027-01-15T01:00:00Z", { kind: "postponed", why: "blackout", until }));
    await tick("2027-01-15T05:52:00Z");
    expect(engine.started()).toEqual([id("one")]);
    await tick("2027-01-15T05:57:00Z");
    expect(engine.started()).toEqual([id("one"), id("one")]);
    expect(engine.inputOf(id("one"))).toMatchObject({ due: "2027-01-15T01:00:00.000Z", startAt: until });
  });

  it("lets a later one that has been missed as well count for it", async () => {
    const { archive, engine, tick } = await nightOf([ONE]);
    await tick();
    const postponed = decided("2027-01-15T01:00:00Z", {
      kind: "postponed",
      why: "blackout",
      until: "2027-01-18T06:00:00.000Z",
    });
    await archive.writeJson(archiveNames.decision("one", "20270115T010000Z", 0), postponed);
    engine.end(id("one"), postponed);
    await tick("2027-01-16T01:22:00Z");
    const kept = await archive.readJson(archiveNames.decision("one", "20270115T010000Z", 0));
    expect(kept?.value).toMatchObject({ kind: "skipped", why: "missed" });
    expect(engine.started()).toEqual([id("one"), id("one", "2027-01-16T01:00:00Z")]);
  });
});

describe("a tick on which something goes wrong", () => {
  it("looks at the others where a state cannot be read, and fails at the end", async () => {
    const { engine, errors, tick } = await nightOf([ONE, TWO], (path) => path.endsWith("/schedules/one.json"));
    await expect(tick()).rejects.toThrow("The schedule could not be looked at for: one.");
    expect(engine.started()).toEqual([id("two")]);
    expect(errors).toEqual([expect.stringContaining("The schedule of one could not be looked at")]);
  });

  it("looks at the others where an occurrence cannot be run, which stays due", async () => {
    const { engine, tick } = await nightOf([ONE, TWO]);
    vi.spyOn(engine.client, "startNew").mockRejectedValueOnce(new Error("The engine is out of reach."));
    await expect(tick()).rejects.toThrow("for: one.");
    await tick("2027-01-15T01:02:00Z");
    expect(engine.started()).toEqual([id("two"), id("one")]);
  });

  it("takes a state that is not of its form for none, and writes it anew", async () => {
    const { archive, engine, tick, stateOf } = await nightOf([ONE]);
    await archive.writeJson(archiveNames.schedule("one"), { decidedUntil: 5, failures: "many" });
    await tick();
    expect(engine.started()).toEqual([id("one")]);
    expect(await stateOf("one")).toMatchObject({ decidedUntil: "2027-01-15T00:57:00.000Z", failures: [] });
  });
});

it("a tick asks archive and engine nothing for schedules of which nothing is due", async () => {
  const { archive, engine, tick } = await nightOf([ONE]);
  await tick("2027-01-14T11:55:00Z");
  const asked = [vi.spyOn(archive, "readJson"), vi.spyOn(engine.client, "getStatus")];
  for (let minute = 0; minute < 50; minute += 5) await tick(`2027-01-14T12:${String(minute).padStart(2, "0")}:00Z`);
  for (const spy of asked) expect(spy).not.toHaveBeenCalled();
});
