import { readFileSync } from "node:fs";
import { join } from "node:path";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../src/domain/recipes/recipeFile.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";

type ImportedRecipe = Recipe & { source: { type: "Vhd" } };

/** The shipped recipe that begins with a VHD. */
export function importedRecipe(): ImportedRecipe {
  const file = "imported-vhd.yaml";
  const parsed = parseRecipe(file, readFileSync(join(import.meta.dirname, "..", "..", "images", file), "utf8"));
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  const { recipe } = parsed;
  if (recipe.source.type !== "Vhd") throw new Error("The recipe begins with something else.");
  return { ...recipe, source: recipe.source };
}
