import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Catalogue, catalogueOf } from "./domain/recipes/catalogue.ts";
import { LARGEST_RECIPE, type ParsedRecipe, parseRecipe, tooLarge, unreadable } from "./domain/recipes/recipeFile.ts";

/** Reads the catalogue once, at start: one recipe a YAML file, named after its image. A broken one stops no other. */
export function readCatalogue(folder: string, subscriptionId: string): Catalogue {
  const files = readdirSync(folder)
    .filter((file) => /\.ya?ml$/i.test(file))
    .sort();
  return catalogueOf(
    files.map((file) => ({ file, parsed: readRecipe(folder, file) })),
    subscriptionId,
  );
}

function readRecipe(folder: string, file: string): ParsedRecipe {
  if (!file.endsWith(".yaml")) return unreadable(file, "must be called .yaml");
  const path = join(folder, file);
  let text: string;
  try {
    if (statSync(path).size > LARGEST_RECIPE) return tooLarge(file);
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return unreadable(file, code.includes("ENCODING") ? "is not UTF-8" : `cannot be read: ${code}`);
  }
  return parseRecipe(file, text);
}
