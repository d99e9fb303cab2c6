import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { encodingOf, LARGEST_JSON } from "./domain/jsonFile.ts";
import { type Catalogue, catalogueOf } from "./domain/recipes/catalogue.ts";
import type { BesideFile, RecipeGround } from "./domain/recipes/ofTemplate.ts";
import { LARGEST_RECIPE, type ParsedRecipe, parseRecipe, tooLarge, unreadable } from "./domain/recipes/recipeFile.ts";

/**
 * Reads the catalogue once, at start: one recipe a YAML file, named after its image. A broken one stops no other.
 *
 * @param subscriptionId the service's, as far as it is known.
 * @throws where there is no such folder, or it cannot be read.
 */
export function readCatalogue(folder: string, subscriptionId: string | undefined): Catalogue {
  const files = readdirSync(folder)
    .filter((file) => /\.ya?ml$/i.test(file))
    .sort();
  const ground = { subscriptionId, readBeside: (path: string) => readBeside(folder, path) };
  return catalogueOf(
    files.map((file) => ({ file, parsed: readRecipe(folder, file, ground) })),
    subscriptionId ?? NO_SUBSCRIPTION,
  );
}

const NO_SUBSCRIPTION = "0".repeat(36);

function readRecipe(folder: string, file: string, ground: RecipeGround): ParsedRecipe {
  if (!file.endsWith(".yaml")) return unreadable(file, "must be called .yaml");
  const path = join(folder, file);
  let text: string;
  try {
    if (statSync(path).size > LARGEST_RECIPE) return tooLarge(file);
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return unreadable(file, problemOf(error));
  }
  return parseRecipe(file, text, ground);
}

/** Links are followed as far as they stay in the folder. */
function readBeside(folder: string, path: string): BesideFile {
  try {
    const [root, real] = [realpathSync(folder), realpathSync(join(folder, path))];
    if (relative(root, real).split(sep)[0] === "..") return refused("leads out of the recipe's folder, by a link");
    const stats = statSync(real);
    if (!stats.isFile()) return refused("is no file");
    if (stats.size > LARGEST_JSON) return refused(`is larger than ${LARGEST_JSON / 1024 / 1024} MB`);
    const bytes = readFileSync(real);
    return { kind: "text", text: new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes) };
  } catch (error) {
    return refused(problemOf(error));
  }
}

function refused(message: string): BesideFile {
  return { kind: "unreadable", message };
}

function problemOf(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  return code.includes("ENCODING") ? "is not UTF-8" : `cannot be read: ${code}`;
}
