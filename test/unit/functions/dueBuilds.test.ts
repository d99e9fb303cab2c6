import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { scheduledBuildId } from "../../../src/domain/buildId.ts";
import { Recipe } from "../../../src/domain/recipes/schema.ts";
import { startDueBuilds } from "../../../src/functions/dueBuilds.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const subnetId = "/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet/subnets/s";
const galleryImageId = "/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i";
const recipe = (name: string, cron: string) =>
  Recipe.parse({
    name,
    description: "an image",
    location: "westeurope",
    source: { type: "PlatformImage", publisher: "p", offer: "o", sku: "s" },
    customize: [{ type: "Shell", name: "n", inline: ["true"] }],
    distribute: { type: "SharedImage", galleryImageId, targetRegions: [{ name: "westeurope" }] },
    vmProfile: { vmSize: "Standard_D2s_v5", vnetConfig: { subnetId } },
    schedule: { cron, timeZone: "UTC" },
  });
const ONE = recipe("one", "0 1 * * *");
const TWO = recipe("two", "0 1 * * *");
const BUILD_ONE = scheduledBuildId("one", new Date("2027-01-15T01:00:00Z"), "test");
const BUILD_TWO = scheduledBuildId("two", new Date("2027-01-15T01:00:00Z"), "test");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-15T01:02:00Z") });
});
afterEach(() => vi.useRealTimers());

/** An archive whose schedule was decided upon until before the hour, an engine, and a tick of the timer on both. */
async function nightOf(recipes: Recipe[], isForbidden?: (path: string) => boolean) {
  const archive = await memoryArchive(isForbidden);
  for (const { name } of recipes) {
    if (isForbidden?.(`/${archiveNames.image(name)}`)) continue;
    await archive.writeJson(archiveNames.image(name), { runSeconds: [], scheduleDecidedUntil: "2027-01-15T00:57:00Z" });
  }
  const engine = fakeDurableClient();
  const errors: string[] = [];
  const context = { log: () => {}, error: (text: string) => void errors.push(text) };
  return { archive, engine, errors, tick: () => startDueBuilds(recipes, "test", archive, engine.client, context) };
}

describe("the nightly schedule of several recipes", () => {
  it("starts all that are due: they wait for their turns by themselves", async () => {
    const { engine, tick } = await nightOf([ONE, TWO]);
    await tick();
    expect(engine.started()).toEqual([BUILD_ONE, BUILD_TWO]);
  });

  it("has those told whom the recipe names", async () => {
    const notify = [{ url: "https://tickets.example.com/hooks" }];
    const { archive, tick } = await nightOf([{ ...ONE, notify }]);
    await tick();
    expect((await archive.readJson(archiveNames.open(BUILD_ONE)))?.value).toMatchObject({ door: "schedule", notify });
  });

  it("starts no build twice, and none that is not due", async () => {
    const { engine, tick } = await nightOf([ONE, recipe("later", "30 1 * * *")]);
    await tick();
    engine.end(BUILD_ONE);
    await tick();
    expect(engine.started()).toEqual([BUILD_ONE]);
  });

  it("looks at the others where a history cannot be read, and fails at the end", async () => {
    const { engine, errors, tick } = await nightOf([ONE, TWO], (path) => path.endsWith("/images/one.json"));
    await expect(tick()).rejects.toThrow("The schedule could not be looked at for: one.");
    expect(engine.started()).toEqual([BUILD_TWO]);
    expect(errors).toEqual([expect.stringContaining("The schedule of one could not be looked at")]);
  });

  it("looks at the others where a build cannot be started, which stays due", async () => {
    const { archive, engine, tick } = await nightOf([ONE, recipe("two", "2 1 * * *")]);
    const history = await archive.readJson(archiveNames.image("one"));
    vi.spyOn(engine.client, "startNew").mockRejectedValueOnce(new Error("The engine is out of reach."));
    await expect(tick()).rejects.toThrow("for: one.");
    expect(await archive.readJson(archiveNames.image("one"))).toEqual(history);
    await tick();
    expect(engine.started()).toEqual([scheduledBuildId("two", new Date("2027-01-15T01:02:00Z"), "test"), BUILD_ONE]);
  });

  it("asks the archive again only when something may be due", async () => {
    const { archive, engine } = await nightOf([ONE]);
    const read = vi.spyOn(archive, "readJson");
    const decided = new Map<string, Date>();
    const context = { log: () => {}, error: () => {} };
    const look = () => startDueBuilds([ONE], "test", archive, engine.client, context, decided);
    await look();
    const asked = read.mock.calls.length;
    vi.setSystemTime(new Date("2027-01-16T00:57:00Z"));
    await look();
    expect(read).toHaveBeenCalledTimes(asked);
    vi.setSystemTime(new Date("2027-01-16T01:02:00Z"));
    await look();
    expect(engine.started()).toEqual([BUILD_ONE, scheduledBuildId("one", new Date("2027-01-16T01:00:00Z"), "test")]);
  });

  it("takes a history that is not of our form for none, and writes it anew", async () => {
    const { archive, engine, tick } = await nightOf([ONE, TWO]);
    await archive.writeJson(archiveNames.image("one"), { runSeconds: "many", scheduleDecidedUntil: 5 });
    await tick();
    expect(engine.started()).toEqual([BUILD_TWO]);
    expect((await archive.readJson(archiveNames.image("one")))?.value).toEqual({
      runSeconds: [],
      scheduleDecidedUntil: "2027-01-15T01:02:00.000Z",
    });
  });
});
