import { redact } from "../redaction.ts";
import { type ReadBeside, textOf } from "./beside.ts";
import { type Catalogue, catalogueOf, imageOf, type RecipeFile } from "./catalogue.ts";
import { shown } from "./fault.ts";
import { nearestWord } from "./nearestWord.ts";
import type { RecipeGround } from "./ofTemplate.ts";
import { overlayFolder } from "./overlay.ts";
import { type NamedText, type ParsedRecipe, parseRecipe, unreadable } from "./recipeFile.ts";
import { LARGEST_RECIPE } from "./written.ts";

/** Recipes and what lies beside them, in a folder or wherever else. */
export interface RecipeFiles {
  /** Of all files in the folder itself and, where there is an environment, in its folder of overlays. */
  paths: readonly string[];
  read: ReadBeside;
}

/** What recipes are read for. */
export interface Installation {
  /** The service's, as far as it is known. */
  subscriptionId?: string | undefined;
  /** Id of the container that scripts are put into which are too long for a template; those are refused without. */
  scriptContainer?: string | undefined;
  /** Whose overlays count; none where it is undefined. */
  environment?: string | undefined;
}

const NO_SUBSCRIPTION = "0".repeat(36);
const YAML = /\.ya?ml$/i;

/** Reads a catalogue: one recipe a YAML file, named after its image. A broken one stops no other. */
export function catalogueIn(
  files: RecipeFiles,
  { subscriptionId, scriptContainer, environment }: Installation,
): Catalogue {
  const ground: RecipeGround = { subscriptionId, scriptContainer, readBeside: files.read };
  const paths = files.paths.filter((path) => YAML.test(path)).toSorted();
  const recipes = paths.filter((path) => !path.includes("/"));
  const folder = environment === undefined ? undefined : `${overlayFolder(environment)}/`;
  const overlays = folder === undefined ? [] : paths.filter((path) => path.startsWith(folder));
  const overlayName = (path: string) => path.slice(folder?.length).replace(YAML, "");
  const images = recipes.map((file) => imageOf(file));

  const read = recipes.map((file): RecipeFile => {
    const own = overlays.filter((path) => overlayName(path) === imageOf(file));
    return { file: harmless(file), parsed: unfailing(file, () => readRecipe(file, own, files, ground)) };
  });
  const orphans = overlays.filter((path) => !images.includes(overlayName(path)));
  const catalogue = catalogueOf(
    [
      ...read,
      ...orphans.map((path) => ({ file: `${harmless(overlayName(path))}.yaml`, parsed: orphan(path, images) })),
    ],
    subscriptionId ?? NO_SUBSCRIPTION,
  );
  return { ...catalogue, readBeside: files.read };
}

/** What no fault of a recipe may do, and a mistake of ours can: to throw. Then it breaks that recipe, and no other. */
function unfailing(file: string, read: () => ParsedRecipe): ParsedRecipe {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `cannot be read, by a mistake in Goldsmith itself; please report it: ${shown(redact(why))}`;
    return unreadable(harmless(file), message);
  }
}

function readRecipe(
  file: string,
  overlays: readonly string[],
  { read }: RecipeFiles,
  ground: RecipeGround,
): ParsedRecipe {
  if (!file.endsWith(".yaml")) return unreadable(harmless(file), MUST_BE_YAML);
  const recipe = textOf(read(file, LARGEST_RECIPE));
  if (recipe.kind === "unreadable") return unreadable(harmless(file), recipe.message);
  let overlay: NamedText | undefined;
  for (const path of overlays) {
    if (!path.endsWith(".yaml")) return unreadable(path, MUST_BE_YAML);
    const found = textOf(read(path, LARGEST_RECIPE));
    if (found.kind === "unreadable") return unreadable(path, found.message);
    overlay = { file: path, text: found.text };
  }
  return parseRecipe(harmless(file), recipe.text, ground, overlay);
}

const MUST_BE_YAML = "must be called .yaml";

function orphan(path: string, images: readonly string[]): ParsedRecipe {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(YAML, "");
  const meant = nearestWord(name, images);
  const message = `changes no recipe: there is no ${harmless(name)}.yaml${meant ? `; did you mean ${meant}?` : ""}`;
  return unreadable(harmless(path), message);
}

/** A file's name as it may be told: whoever can write into a container can give any. */
function harmless(name: string): string {
  return /^\P{C}{1,200}$/u.test(name) ? name : shown(name.replace(/\p{C}/gu, "?"));
}
