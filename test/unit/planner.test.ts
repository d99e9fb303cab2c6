import { describe, expect, it } from "vitest";
import { planner } from "../../src/activities/plan.ts";
import { settings } from "../support/preflightGround.ts";
import { request, sampleRecipe } from "../support/plan.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

describe("a build whose recipe has changed since it was asked for", () => {
  const fault = { file: "aks-jumpbox.yaml", line: 4, column: 1, field: "location", message: "is missing" };

  it.each([
    ["is broken", new Map([["aks-jumpbox", [fault]]]), "recipe-broken"],
    ["is gone", new Map(), "recipe-not-found"],
  ])("fails for that where it %s", async (_, broken, code) => {
    const plan = planner({ recipes: new Map(), broken, notes: new Map() }, settings, await memoryArchive());
    await expect(plan(request)).rejects.toMatchObject({ failure: { code, owner: "requester" } });
  });

  it("is planned where it is whole, whatever is wrong with another", async () => {
    const catalogue = {
      recipes: new Map([["aks-jumpbox", sampleRecipe()]]),
      broken: new Map([["other", [fault]]]),
      notes: new Map(),
    };
    const plan = planner(catalogue, settings, await memoryArchive());
    expect(await plan(request)).toMatchObject({ image: "aks-jumpbox", findings: [] });
  });
});
