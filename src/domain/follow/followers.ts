import { definitionIdOf, destinationIdOf, fixedVersionIn } from "../destination.ts";
import { sourceOf } from "../recipes/descent.ts";
import type { Recipe } from "../recipes/schema.ts";
import { absoluteId } from "../resourceId.ts";
import { absoluteSource, meansLatest, nameOfSource } from "../source.ts";

type Recipes = ReadonlyMap<string, Recipe>;

/**
 * What an image has new versions of by its source: the URN of the marketplace's image without version, or the id of an
 * image definition or a managed image; in lower case. Undefined where its source is always the same.
 */
export function sourceFollowed(recipe: Recipe, recipes: Recipes, subscriptionId: string): string | undefined {
  if (recipe.source.type === "Vhd" || recipe.source.type === "ManagedImage") return undefined;
  // Whose parent is broken has no source just now.
  if (recipe.source.type === "Recipe" && !recipes.has(recipe.source.recipe)) return undefined;
  const source = absoluteSource(sourceOf(recipe, recipes, ""), subscriptionId);
  if (source.type === "ManagedImage") return source.imageId.toLowerCase();
  if (!meansLatest(source)) return undefined;
  if (source.type === "SharedImageVersion") return definitionIdOf(source.imageVersionId).toLowerCase();
  return urnOf(source);
}

/** In lower case, since Azure compares without it. */
export function urnOf(source: { type: "PlatformImage"; publisher: string; offer: string; sku: string }): string {
  return nameOfSource({ ...source, version: "" })
    .replace(/:$/, "")
    .toLowerCase();
}

/** The recipes that are built on what a source has the newest version of, by their names, whether they follow it or not. */
export function builtOn(source: string, recipes: Recipes, subscriptionId: string): Recipe[] {
  return [...recipes.values()]
    .filter((recipe) => sourceFollowed(recipe, recipes, subscriptionId) === source.toLowerCase())
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Whether any recipe follows a source. */
export function isFollowed(source: string, recipes: Recipes, subscriptionId: string): boolean {
  return builtOn(source, recipes, subscriptionId).some(({ follow }) => follow !== undefined);
}

/** What a recipe makes of which others can follow the newest version, in lower case. */
export function publishedBy({ distribute }: Recipe, subscriptionId: string): string[] {
  return distribute
    .filter((target) => target.type === "ManagedImage" || (target.type === "SharedImage" && !target.excludeFromLatest))
    .filter((target) => target.type !== "SharedImage" || fixedVersionIn(target.galleryImageId) === undefined)
    .map((target) => absoluteId(destinationIdOf(target), subscriptionId).toLowerCase());
}

/** Images that would follow, one after another, what is built of an image: the tree, parents before children. */
export function branchOf(image: string, recipes: Recipes, subscriptionId: string): Recipe[] {
  const found: Recipe[] = [];
  let level = [recipes.get(image)].filter((one) => one !== undefined);
  const seen = new Set([image]);
  while (level.length > 0) {
    const next = level
      .flatMap((parent) => publishedBy(parent, subscriptionId))
      .flatMap((source) => builtOn(source, recipes, subscriptionId))
      .filter(({ name, follow }) => follow !== undefined && !seen.has(name) && seen.add(name));
    found.push(...next);
    level = next;
  }
  return found;
}
