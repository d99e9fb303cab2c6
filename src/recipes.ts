import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { encodingOf } from "./domain/jsonFile.ts";
import { type BesideFile, largerThan } from "./domain/recipes/beside.ts";
import { type Catalogue, catalogueOf } from "./domain/recipes/catalogue.ts";
import type { RecipeGround } from "./domain/recipes/ofTemplate.ts";
import { type ParsedRecipe, parseRecipe, unreadable } from "./domain/recipes/recipeFile.ts";
import { LARGEST_RECIPE } from "./domain/recipes/written.ts";

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
  const ground: RecipeGround = {
    subscriptionId,
    readBeside: (path, largest) => readBeside(folder, path, largest),
  };
  return catalogueOf(
    files.map((file) => ({ file, parsed: readRecipe(folder, file, ground) })),
    subscriptionId ?? NO_SUBSCRIPTION,
  );
}

const NO_SUBSCRIPTION = "0".repeat(36);

function readRecipe(folder: string, file: string, ground: RecipeGround): ParsedRecipe {
  if (!file.endsWith(".yaml")) return unreadable(file, "must be called .yaml");
  const read = readText(join(folder, file), LARGEST_RECIPE);
  return read.kind === "text" ? parseRecipe(file, read.text, ground) : unreadable(file, read.message);
}

/** Links are followed as far as they stay in the folder. */
function readBeside(folder: string, path: string, largest: number): BesideFile {
  try {
    const [root, real] = [realpathSync(folder), realpathSync(join(folder, path))];
    if (relative(root, real).split(sep)[0] === "..") return refused("leads out of the recipe's folder, by a link");
    return readText(real, largest);
  } catch (error) {
    return refused(problemOf(error));
  }
}

function readText(path: string, largest: number): BesideFile {
  try {
    const stats = statSync(path);
    // A pipe would never end.
    if (!stats.isFile()) return refused("is no file");
    if (stats.size > largest) return refused(largerThan(largest));
    const bytes = readFileSync(path);
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
  if (code === "ENOENT") return "is not there";
  return code.includes("ENCODING") ? "is not UTF-8" : `cannot be read: ${code}`;
}
