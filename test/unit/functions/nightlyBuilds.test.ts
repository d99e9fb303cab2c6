import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { schedule } from "../../../src/domain/recipes/schedule.ts";
import { occurrenceId } from "../../../src/functions/dueBuilds.ts";
import { nightlyBuilds } from "../../../src/functions/nightlyBuilds.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { sampleRecipe } from "../../support/plan.ts";
import { RecipeBlobs } from "../../support/recipeBlobs.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const due = new Date("2027-01-15T01:00:00Z");
const scheduled = { ...sampleRecipe(), schedule: schedule.parse({ cron: "0 1 * * *" }) };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-15T00:50:00Z") });
});
afterEach(() => vi.useRealTimers());

/** Ticks of the timer on a container of recipes, and what they log. */
async function nightOf(files: Record<string, string>) {
  const blobs = await RecipeBlobs.create(files);
  const engine = fakeDurableClient();
  const logged: string[] = [];
  const log = (text: string) => void logged.push(text);
  const tick = nightlyBuilds(blobs.catalogue(), await memoryArchive());
  return {
    blobs,
    engine,
    logged,
    tick: async (time: string) => {
      vi.setSystemTime(new Date(`2027-01-15T${time}:00Z`));
      blobs.pass(300);
      await tick(engine.client, { log: () => {}, warn: log, error: log });
    },
  };
}

it("the nightly schedule follows the recipes of a container: one that comes is built when it is due", async () => {
  const { blobs, engine, tick } = await nightOf({});
  await tick("00:50");
  await blobs.write("aks-jumpbox.yaml", JSON.stringify(scheduled));
  await tick("00:55");
  await tick("01:00");
  expect(engine.started()).toEqual([occurrenceId("aks-jumpbox", due, 0)]);
});

it("the nightly schedule goes on with the recipes of before where the container cannot be read, and says so", async () => {
  const { blobs, engine, logged, tick } = await nightOf({ "aks-jumpbox.yaml": JSON.stringify(scheduled) });
  await tick("00:55");
  blobs.answerInstead = () => Promise.resolve({ status: 503, headers: { "x-ms-error-code": "ServerBusy" } });
  await tick("01:00");
  expect(engine.started()).toEqual([occurrenceId("aks-jumpbox", due, 0)]);
  expect(logged).toEqual([expect.stringContaining("cannot be read again: ServerBusy")]);
});

it("the nightly schedule tells of a broken recipe once, and again when it is broken in another way", async () => {
  const { blobs, logged, tick } = await nightOf({ "bad.yaml": "name: [" });
  await tick("00:50");
  await tick("00:55");
  expect(logged).toEqual([expect.stringContaining("The recipe of bad is broken")]);
  await blobs.write("bad.yaml", "name: bad\n");
  await tick("01:00");
  await tick("01:05");
  expect(logged.slice(1)).toEqual([expect.stringContaining("bad.yaml:1:1: description: is missing")]);
});
