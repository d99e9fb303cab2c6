import { StepDelayed } from "../failure.ts";
import { destinationIdOf, fixedVersionIn } from "../destination.ts";
import { absoluteId } from "../resourceId.ts";
import type { ReadBeside } from "./beside.ts";
import { followsItself } from "./circle.ts";
import { descentFault } from "./descent.ts";
import type { SharedImageTarget } from "./distribute.ts";
import type { Fault, Note } from "./fault.ts";
import type { ParsedRecipe } from "./recipeFile.ts";
import type { Recipe } from "./schema.ts";

/** Every recipe that there is, by the name of its image. */
export interface Catalogue {
  recipes: ReadonlyMap<string, Recipe>;
  /** What is wrong with those that cannot be built; they stop nobody else. By the name that their files have. */
  broken: ReadonlyMap<string, readonly Fault[]>;
  /** What was changed in templates that recipes name, and the like: of those that can be built, and of those that cannot. */
  notes: ReadonlyMap<string, readonly Note[]>;
  /** Reads what lies beside them now, which may be another than when they were read; absent where nothing does. */
  readBeside?: ReadBeside;
  /** Of a catalogue that could not be read again: when it was last, ISO 8601, and what was in the way. */
  stale?: { since: string; why: string };
}

/** The recipes cannot be read and never were, so that nobody can tell which there are. Its message says why. */
export class RecipesUnread extends StepDelayed {}

/** Asks for the recipes as they are now. @throws RecipesUnread. */
export type AskCatalogue = () => Promise<Catalogue>;

export interface RecipeFile {
  file: string;
  parsed: ParsedRecipe;
}

type SoundRecipe = ParsedRecipe & { kind: "recipe" };

/** What a target may write: all of a managed image; of an image definition one version, those of one major, or any. */
interface Written {
  path: PropertyKey[];
  /** Lower case. */
  id: string;
  numbers: { version: string } | { major: string } | "any";
}

/**
 * Recipes of which two would write the same are both broken: nobody can tell which of them is meant. So is one that is
 * built on a broken one: what that makes cannot be known, and what lies there of before is not what is asked for.
 */
export function catalogueOf(files: readonly RecipeFile[], subscriptionId: string): Catalogue {
  const sound = files.flatMap(({ parsed }) => (parsed.kind === "recipe" ? [parsed] : []));
  const parsedRecipes = new Map(sound.map(({ recipe }) => [recipe.name, recipe]));
  const names = files.map(({ file }) => imageOf(file));
  const broken = new Map<string, readonly Fault[]>();
  const notes = new Map<string, readonly Note[]>();
  for (const { file, parsed } of files) {
    const told = [...parsed.notes, ...chainNote(parsed, subscriptionId)];
    if (told.length > 0) notes.set(imageOf(file), told);
    const faults = parsed.kind === "faulty" ? parsed.faults : clashesOf(file, parsed, files, subscriptionId);
    const descent = parsed.kind === "recipe" && descentFault(parsed.recipe, parsedRecipes, names, subscriptionId);
    if (descent) faults.push(parsed.faultAt(["source", SOURCE_FIELD[parsed.recipe.source.type]], descent));
    if (faults.length > 0) broken.set(imageOf(file), faults);
  }
  breakDescendants(sound, broken);
  return { recipes: new Map([...parsedRecipes].filter(([name]) => !broken.has(name))), broken, notes };
}

/** Names what a recipe begins with. */
const SOURCE_FIELD: Record<Recipe["source"]["type"], string> = {
  PlatformImage: "publisher",
  ManagedImage: "imageId",
  SharedImageVersion: "imageVersionId",
  Recipe: "recipe",
  Vhd: "vhd",
};

/** Azure builds it, so it may be meant; but it is another image each time. */
function chainNote(parsed: ParsedRecipe, subscriptionId: string): Note[] {
  if (parsed.kind === "faulty" || !followsItself(parsed.recipe, subscriptionId)) return [];
  const message = "is the latest version of what the recipe writes: each build begins with the last one's result";
  return [parsed.faultAt(["source", SOURCE_FIELD.SharedImageVersion], message)];
}

function breakDescendants(sound: readonly SoundRecipe[], broken: Map<string, readonly Fault[]>): void {
  const next = sound.filter(
    ({ recipe: { name, source } }) => source.type === "Recipe" && !broken.has(name) && broken.has(source.recipe),
  );
  for (const { recipe, faultAt } of next) {
    const parent = recipe.source.type === "Recipe" ? recipe.source.recipe : "";
    broken.set(recipe.name, [faultAt(["source", SOURCE_FIELD.Recipe], `names ${parent}, whose recipe is broken`)]);
  }
  if (next.length > 0) breakDescendants(sound, broken);
}

/** The name that an image has by its recipe's file. */
export function imageOf(file: string): string {
  return file.replace(/\.yaml$/, "");
}

function clashesOf(
  file: string,
  { recipe, faultAt }: SoundRecipe,
  files: readonly RecipeFile[],
  subscriptionId: string,
): Fault[] {
  const mine = writtenBy(recipe, subscriptionId);
  const others = files.flatMap((other) =>
    other.file === file || other.parsed.kind === "faulty"
      ? []
      : writtenBy(other.parsed.recipe, subscriptionId).map((written) => ({ ...written, by: other.file })),
  );
  return mine.flatMap((written, at) => {
    const before = mine.slice(0, at).map((one) => ({ ...one, by: "another target" }));
    const other = [...before, ...others].find((one) => clash(one, written));
    return other ? [faultAt(written.path, `writes the same image as ${other.by}`)] : [];
  });
}

function clash(one: Written, other: Written): boolean {
  return one.id === other.id && (one.numbers === "any" || other.numbers === "any" || meet(one.numbers, other.numbers));
}

function meet(one: Exclude<Written["numbers"], "any">, other: Exclude<Written["numbers"], "any">): boolean {
  if ("version" in one && "version" in other) return one.version === other.version;
  return majorOf(one) === majorOf(other);
}

function majorOf(numbers: Exclude<Written["numbers"], "any">): string | undefined {
  return "major" in numbers ? numbers.major : numbers.version.split(".")[0];
}

const NAMED_BY = { SharedImage: "galleryImageId", ManagedImage: "imageId", VHD: "uri" };

function writtenBy({ distribute }: Recipe, subscriptionId: string): Written[] {
  return distribute.map((target, at) => ({
    path: ["distribute", ...(distribute.length > 1 ? [at] : []), NAMED_BY[target.type]],
    id: absoluteId(destinationIdOf(target), subscriptionId).toLowerCase(),
    numbers: target.type === "SharedImage" ? numbersOf(target) : "any",
  }));
}

function numbersOf({ galleryImageId, versioning }: SharedImageTarget): Written["numbers"] {
  const version = fixedVersionIn(galleryImageId);
  if (version) return { version };
  const major = versioning?.scheme === "Latest" ? (versioning.major ?? -1) : -1;
  return major < 0 ? "any" : { major: String(major) };
}
