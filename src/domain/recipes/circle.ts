import { definitionIdOf, destinationIdOf, fixedVersionIn } from "../destination.ts";
import { absoluteId, sameId } from "../resourceId.ts";
import type { Target } from "./distribute.ts";
import type { Recipe } from "./schema.ts";

type Recipes = ReadonlyMap<string, Recipe>;

/**
 * The way from a recipe up to itself again, by the names of other recipes or by ids of what they write. That a recipe
 * begins with the latest version of its own definition is none: each version is made of the one before.
 */
export function circleOf(recipe: Recipe, recipes: Recipes, subscriptionId: string): string[] | undefined {
  const seen = new Set<Recipe>();
  const back = (from: Recipe): Recipe[] | undefined => {
    for (const parent of parentsOf(from, recipes, subscriptionId)) {
      if (parent === recipe) return [parent];
      if (seen.has(parent)) continue;
      seen.add(parent);
      const way = back(parent);
      if (way) return [parent, ...way];
    }
    return undefined;
  };
  return back(recipe)?.map(({ name }) => name);
}

/** Whether a recipe begins with the latest version of a definition that it writes to itself. */
export function followsItself({ source, distribute }: Recipe, subscriptionId: string): boolean {
  return isLatest(source) && distribute.some((target) => isMadeBy(source, target, subscriptionId));
}

/** The recipes that make what one begins with. */
function parentsOf(recipe: Recipe, recipes: Recipes, subscriptionId: string): Recipe[] {
  const { source } = recipe;
  const named = source.type === "Recipe" && recipes.get(source.recipe);
  if (named) return [named];
  return [...recipes.values()].filter(
    (other) =>
      other.distribute.some((target) => isMadeBy(source, target, subscriptionId)) &&
      !(other === recipe && isLatest(source)),
  );
}

function isMadeBy(source: Recipe["source"], target: Target, subscriptionId: string): boolean {
  const isSame = (one: string, other: string) =>
    sameId(absoluteId(one, subscriptionId), absoluteId(other, subscriptionId));
  if (source.type === "Vhd") return target.type === "VHD" && source.vhd === target.uri;
  if (source.type === "ManagedImage") return target.type === "ManagedImage" && isSame(source.imageId, target.imageId);
  if (source.type !== "SharedImageVersion" || target.type !== "SharedImage") return false;
  if (!isSame(definitionIdOf(source.imageVersionId), destinationIdOf(target))) return false;
  if (isLatest(source)) return !target.excludeFromLatest;
  return fixedVersionIn(target.galleryImageId) === fixedVersionIn(source.imageVersionId);
}

function isLatest(source: Recipe["source"]): boolean {
  return source.type === "SharedImageVersion" && /\/latest$/i.test(source.imageVersionId);
}
