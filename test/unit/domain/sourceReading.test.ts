import { describe, expect, it } from "vitest";
import { planBuild } from "../../../src/domain/plan.ts";
import { scopesOf } from "../../../src/domain/recipes/scopes.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { planContext, request, sampleRecipe } from "../../support/plan.ts";

const group = (name: string) => `/subscriptions/${planContext.subscriptionId}/resourceGroups/${name}`;
const galleryIn = (name: string) => `${group(name)}/providers/Microsoft.Compute/galleries/bases`;
const version = (name: string): Recipe["source"] => ({
  type: "SharedImageVersion",
  imageVersionId: `/resourceGroups/${name}/providers/Microsoft.Compute/galleries/bases/images/ubuntu/versions/latest`,
});
const managed: Recipe["source"] = {
  type: "ManagedImage",
  imageId: "/resourceGroups/rg-sources/providers/Microsoft.Compute/images/base",
};
const zone = { ...planContext.zone, sources: [group("rg-sources")] };
const planFrom = (source: Recipe["source"]) =>
  planBuild(request, { ...sampleRecipe(), source }, { ...planContext, zone });
const readingOf = (source: Recipe["source"]) =>
  planFrom(source)
    .grants.filter(({ role }) => role === "source reading")
    .map(({ scope }) => scope);

describe("the right to read what a build begins with", () => {
  it("is leased on the gallery of a version that lies outside of the destinations", () => {
    expect(readingOf(version("rg-sources"))).toEqual([galleryIn("rg-sources")]);
    expect(planFrom(version("rg-sources")).findings).toEqual([]);
  });

  it("is leased on the resource group of a managed image that does", () => {
    expect(readingOf(managed)).toEqual([group("rg-sources")]);
  });

  it("is in the other grants already where the source lies beside the destination, and is not needed in the marketplace", () => {
    expect(readingOf(version("RG-images"))).toEqual([]);
    expect(readingOf(sampleRecipe().source)).toEqual([]);
  });

  it("is not for what the zone does not hold", () => {
    expect(planFrom(version("rg-other")).findings).toMatchObject([{ code: "outside-trust-zone", severity: "blocks" }]);
  });

  it("is looked for by the sweeper where recipes need it, also through another recipe's image", () => {
    const recipes = new Map<string, Recipe>([
      ["base", { ...sampleRecipe(), name: "base", distribute: [{ type: "ManagedImage", imageId: managed.imageId }] }],
      ["app", { ...sampleRecipe(), name: "app", source: { type: "Recipe", recipe: "base" } }],
      ["gallery", { ...sampleRecipe(), name: "gallery", source: version("rg-sources") }],
    ]);
    const zones = new Map([["default", zone]]);
    const scopes = scopesOf({ recipes, broken: new Map(), notes: new Map() }, { ...planContext, zones });
    expect(scopes.map(({ scope }) => scope)).toEqual(
      expect.arrayContaining([group("rg-sources"), galleryIn("rg-sources")]),
    );
  });
});
