import { checkSchedule } from "../schedule.ts";
import { isJsonObject } from "../json.ts";
import { type Fault, fieldOf, type Note } from "./fault.ts";
import { issueText } from "./issueText.ts";
import { toldBy } from "./issues.ts";
import { nearestWord } from "./nearestWord.ts";
import { ofTemplate, type RecipeGround } from "./ofTemplate.ts";
import { plainSecretsIn } from "./plainSecrets.ts";
import { Recipe } from "./schema.ts";
import { TEMPLATE_FIELDS, TemplateRecipe } from "./templateRecipe.ts";
import { MOST_FAULTS, readYaml } from "./yamlText.ts";

/** Larger files are refused unread: image builder's templates are a few kilobytes. */
export const LARGEST_RECIPE = 256 * 1024;

export type ParsedRecipe =
  /** With a way to hold something against one of its fields later. */
  | { kind: "recipe"; recipe: Recipe; notes: Note[]; faultAt: (path: readonly PropertyKey[], message: string) => Fault }
  | { kind: "faulty"; faults: Fault[]; notes: Note[] };

const NOTHING_BESIDE: RecipeGround = {
  readBeside: () => ({ kind: "unreadable", message: "cannot be read: there is nothing beside the recipe" }),
};

/**
 * @param ground where a recipe may name a template beside it.
 * @returns the faults of a recipe, in the order of the file; or the recipe, whole.
 */
export function parseRecipe(file: string, text: string, ground = NOTHING_BESIDE): ParsedRecipe {
  if (text.length > LARGEST_RECIPE) return tooLarge(file);
  const yaml = readYaml(text);
  const { value } = yaml;
  const fault = (offset: number, path: readonly PropertyKey[], message: string): Fault => ({
    file,
    ...yaml.placeOf(offset),
    field: fieldOf(path),
    message,
  });
  const faultAt = (path: readonly PropertyKey[], message: string) => fault(yaml.offsetOf(path), path, message);
  if (yaml.misread.length > 0) return faulty(yaml.misread.map((one) => fault(one.offset, one.path, one.message)));

  const faults: Fault[] = [];
  for (const { path, secret } of plainSecretsIn(value)) {
    const [from, to] = yaml.rangeOf(path);
    const at = text.indexOf(secret, from);
    faults.push(fault(at >= 0 && at < to ? at : from, path, PLAIN_SECRET));
  }
  const namesTemplate = isOfTemplate(value);
  const parsed = (namesTemplate ? TemplateRecipe : Recipe).safeParse(value, { error: issueText });
  for (const told of parsed.error?.issues.flatMap((issue) => toldBy(issue)).slice(0, MOST_FAULTS) ?? []) {
    const offset = told.isUnknown ? yaml.offsetOfKey(told.path) : yaml.offsetOf(told.path);
    const isDouble =
      namesTemplate && told.isUnknown && told.path.length === 1 && TEMPLATE_FIELDS.has(told.path[0] ?? "");
    faults.push(
      fault(offset, told.path, isDouble ? "is told by the template: leave out one of the two" : told.message),
    );
  }
  if (!parsed.success) return faulty(faults);

  const recipe = parsed.data;
  if (file !== `${recipe.name}.yaml`) {
    faults.push(faultAt(["name"], `must be the file's name, ${file.replace(/\.ya?ml$/, "")}`));
  }
  if (recipe.schedule) {
    try {
      checkSchedule(recipe.schedule);
    } catch (error) {
      faults.push(faultAt(["schedule"], error instanceof Error ? error.message : String(error)));
    }
  }
  if (faults.length > 0) return faulty(faults);
  return "template" in recipe ? ofTemplate(recipe, faultAt, ground) : { kind: "recipe", recipe, notes: [], faultAt };
}

/** Whether a recipe names a template, or was probably meant to. */
function isOfTemplate(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const means = Object.keys(value).some((field) => nearestWord(field, ["template"]) !== undefined);
  return Object.hasOwn(value, "template") || (means && !Object.hasOwn(value, "source"));
}

const PLAIN_SECRET =
  "looks like a secret in plain text, which the template, its history and its log would show; read it on the build VM from Key Vault, or reword what only looks like one";

/** What is held against a file that has not been read. */
export function unreadable(file: string, message: string): ParsedRecipe & { kind: "faulty" } {
  return { kind: "faulty", faults: [{ file, line: 1, column: 1, field: "", message }], notes: [] };
}

export function tooLarge(file: string): ParsedRecipe & { kind: "faulty" } {
  return unreadable(file, `is larger than ${LARGEST_RECIPE / 1024} KiB`);
}

function faulty(faults: Fault[]): ParsedRecipe {
  return {
    kind: "faulty",
    faults: faults.toSorted((one, other) => one.line - other.line || one.column - other.column),
    notes: [],
  };
}
