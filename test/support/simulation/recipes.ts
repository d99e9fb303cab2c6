import { join } from "node:path";
import { landscape } from "../../../local/landscape.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { readCatalogue } from "../../../src/recipes.ts";

const folders = [join(import.meta.dirname, "..", "..", "..", "images"), join(import.meta.dirname, "app", "images")];

/** What no template may hold. */
export const UNSEEN_SECRET = "geheim-1234";

/** The shipped recipes, and beside them those that simulations are made of. @throws where one is broken. */
export const simulatedRecipes: ReadonlyMap<string, Recipe> = new Map(
  folders.flatMap((folder) => {
    const { recipes, broken } = readCatalogue(folder, { subscriptionId: landscape.subscriptionId });
    if (broken.size > 0) throw new Error(`There are broken recipes: ${JSON.stringify([...broken])}`);
    return [...recipes, ...unseenIn(recipes)];
  }),
);

/** A recipe in which a secret was not seen when it was read. */
function unseenIn(recipes: ReadonlyMap<string, Recipe>): [string, Recipe][] {
  const recipe = recipes.get("aks-jumpbox");
  const name = "unseen-secret";
  return recipe ? [[name, { ...recipe, name, tags: { password: UNSEEN_SECRET } }]] : [];
}
