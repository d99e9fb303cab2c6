import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { faultText } from "./domain/recipes/fault.ts";
import { parseRecipe } from "./domain/recipes/recipeFile.ts";
import type { Recipe } from "./domain/recipes/schema.ts";

/**
 * Reads the catalogue once, at start: one recipe a YAML file, named after its image.
 *
 * @throws with every fault of every file, one a line: a catalogue is deployed whole or not at all.
 */
export function readRecipes(folder: string): ReadonlyMap<string, Recipe> {
  const parsed = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => parseRecipe(file, readFileSync(join(folder, file), "utf8")));
  const faults = parsed.flatMap((result) => (result.kind === "faulty" ? result.faults.map(faultText) : []));
  if (faults.length > 0) throw new Error(`The recipes in ${folder} are not usable:\n  ${faults.join("\n  ")}`);
  return new Map(parsed.flatMap((result) => (result.kind === "recipe" ? [[result.recipe.name, result.recipe]] : [])));
}
