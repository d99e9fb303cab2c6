import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isJsonObject } from "./domain/json.ts";
import { type BesideFile, largerThan, textOf } from "./domain/recipes/beside.ts";
import type { Catalogue } from "./domain/recipes/catalogue.ts";
import { overlayFolder } from "./domain/recipes/overlay.ts";
import { catalogueIn, type Installation } from "./domain/recipes/recipeFiles.ts";
import { LARGEST_RECIPE } from "./domain/recipes/written.ts";
import { readYaml } from "./domain/recipes/yamlText.ts";
import { sha256 } from "./sha256.ts";

/**
 * Reads the catalogue: one recipe a YAML file, named after its image. A broken one stops no other.
 *
 * @throws where there is no such folder, or it cannot be read.
 */
export function readCatalogue(folder: string, installation: Installation): Catalogue {
  const { environment } = installation;
  const overlays = environment === undefined ? [] : namesIn(folder, overlayFolder(environment));
  return catalogueIn(
    {
      paths: [...readdirSync(folder), ...overlays],
      read: (path, largest) => readBelow(folder, path, largest),
    },
    installation,
  );
}

/**
 * The environments that a folder of recipes has overlays for, by the names of their folders. Other files there are none.
 *
 * @throws where there is no such folder, or it cannot be read.
 */
export function environmentsIn(folder: string): string[] {
  if (!readdirSync(folder).includes("overlays")) return [];
  const overlays = join(folder, "overlays");
  return foldersIn(overlays)
    .filter((name) => !name.startsWith("."))
    .sort();
}

/**
 * What looks like a recipe and lies in a folder below, where nobody looks for one; by paths.
 *
 * @throws where there is no such folder, or it cannot be read.
 */
export function recipesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll(sep, "/"));
  return paths
    .filter((path) => /^(?!overlays\/)[^/.][^/]*\/.*\.ya?ml$/i.test(path) && !path.includes("/."))
    .filter((path) => {
      const text = textOf(readBelow(folder, path, LARGEST_RECIPE));
      return text.kind === "text" && isRecipe(readYaml(text.text).value);
    })
    .sort();
}

function isRecipe(value: unknown): boolean {
  return isJsonObject(value) && "name" in value && ("distribute" in value || "template" in value);
}

function foldersIn(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).filter((name) => isFolder(join(folder, name))) : [];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The paths of what lies in a folder below; there need not be one. */
function namesIn(folder: string, below: string): string[] {
  try {
    return readdirSync(join(folder, below)).map((name) => `${below}/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Links are followed as far as they stay in the folder. */
function readBelow(folder: string, path: string, largest: number): BesideFile {
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
    return { kind: "file", bytes, sha256: sha256(bytes) };
  } catch (error) {
    return refused(problemOf(error));
  }
}

function refused(message: string): BesideFile {
  return { kind: "unreadable", message };
}

function problemOf(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "is not there" : `cannot be read: ${code}`;
}
