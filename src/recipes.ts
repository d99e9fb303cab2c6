import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { type Catalogue, catalogueOf } from "./domain/recipes/catalogue.ts";
import { type ParsedRecipe, parseRecipe, tooLarge, unreadable } from "./domain/recipes/recipeFile.ts";
import type { ReadSnippet } from "./domain/recipes/snippets.ts";
import { LARGEST_RECIPE } from "./domain/recipes/written.ts";

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
  const read = readText(join(folder, file));
  if (read.kind === "large") return tooLarge(file);
  if (read.kind === "unreadable") return unreadable(file, read.message);
  return parseRecipe(file, read.text, (path) => readSnippet(folder, path));
}

/** A link may lead to another place in the folder, and nowhere else. */
function readSnippet(folder: string, path: string): ReturnType<ReadSnippet> {
  const file = join(folder, path);
  try {
    if (!realpathSync(file).startsWith(realpathSync(folder) + sep)) {
      return { kind: "unreadable", message: "leads out of the recipes' folder" };
    }
  } catch (error) {
    return { kind: "unreadable", message: messageOf(error) };
  }
  const read = readText(file);
  return read.kind === "large" ? { kind: "unreadable", message: `is larger than ${LARGEST_RECIPE / 1024} KiB` } : read;
}

function readText(path: string): ReturnType<ReadSnippet> | { kind: "large" } {
  try {
    const stats = statSync(path);
    // A pipe would never end.
    if (!stats.isFile() && !stats.isDirectory()) return { kind: "unreadable", message: "is no file" };
    if (stats.size > LARGEST_RECIPE) return { kind: "large" };
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return { kind: "unreadable", message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "is not there";
  return code.includes("ENCODING") ? "is not UTF-8" : `cannot be read: ${code}`;
}
