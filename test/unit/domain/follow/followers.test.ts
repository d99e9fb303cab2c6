import { describe, expect, it } from "vitest";
import { branchOf, builtOn, sourceFollowed } from "../../../../src/domain/follow/followers.ts";
import { Recipe } from "../../../../src/domain/recipes/schema.ts";

const SUBSCRIPTION = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
const definition = (name: string) =>
  `/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/company/images/${name}`;
const recipe = (name: string, source: object, more: object = { follow: true }) =>
  Recipe.safeParse({
    name,
    description: "an image",
    location: "westeurope",
    source,
    distribute: { type: "SharedImage", galleryImageId: definition(name), targetRegions: [{ name: "westeurope" }] },
    vmProfile: { vmSize: "Standard_D2s_v5" },
    ...more,
  });
const all = (...read: ReturnType<typeof recipe>[]) =>
  new Map(read.map(({ data, error }) => [data?.name ?? String(error), data as Recipe]));

const MARKETPLACE = { type: "PlatformImage", publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const latestOf = (name: string) => ({
  type: "SharedImageVersion",
  imageVersionId: `${definition(name)}/versions/latest`,
});

describe("who follows what", () => {
  const recipes = all(
    recipe("base", MARKETPLACE),
    recipe("by-name", { recipe: "base" }),
    recipe("by-id", latestOf("BASE")),
    recipe("silent", { recipe: "base" }, {}),
    recipe("grandchild", { recipe: "by-name" }),
    recipe("beyond-silent", { recipe: "silent" }),
  );

  it("is told by the marketplace's names, or by the image definition, however it is named", () => {
    const of = (name: string) => sourceFollowed(recipes.get(name) as Recipe, recipes, SUBSCRIPTION);
    expect(of("base")).toBe("canonical:ubuntu-24_04-lts:server");
    expect(of("by-name")).toBe(`/subscriptions/${SUBSCRIPTION}${definition("base")}`.toLowerCase());
    expect(of("by-id")).toBe(of("by-name"));
    const source = `/subscriptions/${SUBSCRIPTION}${definition("base")}`.toUpperCase();
    expect(builtOn(source, recipes, SUBSCRIPTION).map(({ name }) => name)).toEqual(["by-id", "by-name", "silent"]);
  });

  it("is a tree: parents before children, and nothing beyond an image that does not follow", () => {
    expect(branchOf("base", recipes, SUBSCRIPTION).map(({ name }) => name)).toEqual(["by-id", "by-name", "grandchild"]);
  });

  it("ends where recipes go round in a circle", () => {
    const circle = all(recipe("one", { recipe: "two" }), recipe("two", { recipe: "one" }));
    expect(branchOf("one", circle, SUBSCRIPTION).map(({ name }) => name)).toEqual(["two"]);
  });

  it("takes no recipe that follows what never changes, or that needs parameters to be built", () => {
    const fixed = { ...MARKETPLACE, version: "24.04.202611100" };
    const parameters = { p: { type: "string", description: "d" } };
    const customize = [{ type: "Shell", name: "n", inline: ["true"] }];
    const faults = [
      recipe("fixed", fixed),
      recipe("numbered", { type: "SharedImageVersion", imageVersionId: `${definition("x")}/versions/1.0.0` }),
      recipe("managed", { type: "ManagedImage", imageId: "/resourceGroups/g/providers/Microsoft.Compute/images/i" }),
      recipe("open", MARKETPLACE, { parameters, customize, follow: true }),
    ].map(({ error }) => error?.issues.map(({ path }) => path.join(".")));
    expect(faults).toEqual([["follow"], ["follow"], ["follow"], ["follow"]]);
  });
});
