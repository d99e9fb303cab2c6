import type { DurableClient } from "durable-functions";
import { describe, expect, it } from "vitest";
import { endNoter } from "../../../src/activities/endNoter.ts";
import { readFollowState } from "../../../src/azure/followStates.ts";
import { decideFollow } from "../../../src/domain/follow/decision.ts";
import type { Outcome, Receipt } from "../../../src/domain/receipt.ts";
import { Recipe } from "../../../src/domain/recipes/schema.ts";
import { scheduledRecipe } from "../../support/scheduledRecipe.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const SUBSCRIPTION = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute`;
const definition = (name: string) => `${COMPUTE}/galleries/company/images/${name}`;
const MANAGED = `${COMPUTE}/images/spare`;
const { schedule: _, ...sample } = scheduledRecipe("one", { cron: "0 2 * * *" });
const recipe = (name: string, more: object): Recipe =>
  Recipe.parse({
    ...sample,
    name,
    distribute: { type: "SharedImage", galleryImageId: definition(name), targetRegions: [{ name: "westeurope" }] },
    ...more,
  });
const follow = true;
const recipes = new Map(
  [
    recipe("base", {}),
    recipe("app", { source: { recipe: "base" }, follow }),
    recipe("shop", { source: { recipe: "app" }, follow }),
    recipe("silent", { source: { recipe: "base" } }),
    recipe("spare", { distribute: { type: "ManagedImage", imageId: MANAGED } }),
    recipe("on-spare", { source: { recipe: "spare" }, follow }),
  ].map((one) => [one.name, one]),
);

const endedAt = "2027-01-01T00:00:00.000Z";
const buildId = (image: string) => `${image}-20270101-000000-aaaa`;
const failure = { code: "customizer-failed", message: "A script failed.", why: "", mend: "", owner: "requester" };

async function ended(image: string, outcome: object) {
  const archive = await memoryArchive();
  const started: unknown[] = [];
  const note = endNoter({
    giveEnd: () => Promise.resolve(),
    settings: { subscriptionId: SUBSCRIPTION },
    catalogue: () => Promise.resolve({ recipes, broken: new Map(), notes: new Map() }),
    archive,
    startFollowing: async (_client, release, since) => void started.push({ ...release, since }),
  });
  const receipt = { image, buildId: buildId(image), endedAt, requested: { door: "http" }, outcome: outcome as Outcome };
  await note(receipt as Receipt, { client: {} as DurableClient, error: () => {} });
  const decisions = async (of: string) => (await readFollowState(archive, of)).decisions;
  return { started, decisions };
}

describe("the end of a build", () => {
  it("begins with each version that others follow", async () => {
    const imageVersions = [`${definition("base")}/versions/1.2.3`, `${definition("shop")}/versions/9.9.9`];
    const { started } = await ended("base", { kind: "built", imageVersions, runSeconds: 1 });
    expect(started).toEqual([{ source: definition("base"), version: "1.2.3", since: endedAt }]);
  });

  it("begins with a managed image, of which the build is the version", async () => {
    const { started } = await ended("spare", { kind: "built", imageVersions: [MANAGED], runSeconds: 1 });
    const release = { source: MANAGED, version: buildId("spare") };
    expect(started).toEqual([{ ...release, since: endedAt }]);
    const lastBuilt = {
      buildId: "x",
      at: endedAt,
      source: { version: "spare", content: `/disks/1 ${release.version}` },
    };
    const moment = { at: endedAt, since: endedAt, lastBuilt };
    expect(decideFollow({ follow: {} }, release, { kind: "newest" }, moment)).toMatchObject({ why: "built-already" });
    expect(decideFollow({ follow: {} }, { ...release, version: "other" }, { kind: "newest" }, moment).kind).toBe(
      "start",
    );
  });

  it.each([
    ["failed", { kind: "failed", failure }, "failed: A script failed."],
    ["refused", { kind: "refused", findings: [] }, "was refused"],
    ["cancelled", { kind: "cancelled" }, "was cancelled"],
  ])("that %s stops the whole branch with the reason, and nobody else", async (_kind, outcome, reason) => {
    const { started, decisions } = await ended("base", outcome);
    expect(started).toEqual([]);
    for (const image of ["app", "shop"]) {
      const [decision, ...others] = await decisions(image);
      expect(decision).toMatchObject({
        kind: "stopped",
        why: "parent-failed",
        source: "base",
        version: buildId("base"),
      });
      expect(decision?.detail).toContain(reason);
      expect(others).toEqual([]);
    }
    expect([...(await decisions("silent")), ...(await decisions("on-spare"))]).toEqual([]);
  });
});
