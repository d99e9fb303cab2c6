import { describe, expect, it } from "vitest";
import { planner } from "../../src/activities/plan.ts";
import { StepDelayed } from "../../src/domain/failure.ts";
import { RecipeBlobs } from "../support/recipeBlobs.ts";
import { settings } from "../support/preflightGround.ts";
import { request, sampleRecipe } from "../support/plan.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

describe("a build whose recipe has changed since it was asked for", () => {
  const fault = { file: "aks-jumpbox.yaml", line: 4, column: 1, field: "location", message: "is missing" };

  it.each([
    ["is broken", new Map([["aks-jumpbox", [fault]]]), "recipe-broken"],
    ["is gone", new Map(), "recipe-not-found"],
  ])("fails for that where it %s", async (_, broken, code) => {
    const plan = planner(
      async () => ({ recipes: new Map(), broken, notes: new Map() }),
      settings,
      await memoryArchive(),
    );
    await expect(plan(request)).rejects.toMatchObject({ failure: { code, owner: "requester" } });
  });

  it("is planned as its container has it by then", async () => {
    const sample = JSON.stringify(sampleRecipe());
    const blobs = await RecipeBlobs.create({ "aks-jumpbox.yaml": sample });
    const catalogue = blobs.catalogue();
    const plan = planner(catalogue, settings, await memoryArchive());
    expect((await catalogue()).recipes.has("aks-jumpbox")).toBe(true);
    blobs.pass(31);
    await blobs.write("aks-jumpbox.yaml", sample.replaceAll("Standard_D2s_v5", "Standard_D8s_v5"));
    expect(await plan(request)).toMatchObject({
      template: { vmProfile: { vmSize: "Standard_D8s_v5" } },
    });
    blobs.pass(31);
    await blobs.remove("aks-jumpbox.yaml");
    await expect(plan(request)).rejects.toMatchObject({ failure: { code: "recipe-not-found" } });
  });

  it("is put off where its container cannot be read yet", async () => {
    const blobs = await RecipeBlobs.create({});
    blobs.answerInstead = () => Promise.resolve({ status: 503, headers: { "x-ms-error-code": "ServerBusy" } });
    const plan = planner(blobs.catalogue(), settings, await memoryArchive());
    await expect(plan(request)).rejects.toBeInstanceOf(StepDelayed);
  });

  it("is planned where it is whole, whatever is wrong with another", async () => {
    const catalogue = {
      recipes: new Map([["aks-jumpbox", sampleRecipe()]]),
      broken: new Map([["other", [fault]]]),
      notes: new Map(),
    };
    const plan = planner(async () => catalogue, settings, await memoryArchive());
    expect(await plan(request)).toMatchObject({ image: "aks-jumpbox", findings: [] });
  });
});
