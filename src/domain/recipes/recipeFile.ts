import { checkSchedule } from "../schedule.ts";
import { type Fault, fieldOf } from "./fault.ts";
import { issueText } from "./issueText.ts";
import { toldBy } from "./issues.ts";
import { plainSecretsIn } from "./plainSecrets.ts";
import { Recipe } from "./schema.ts";
import { MOST_FAULTS, readYaml } from "./yamlText.ts";

/** Larger files are refused unread: image builder's templates are a few kilobytes. */
export const LARGEST_RECIPE = 256 * 1024;

export type ParsedRecipe =
  /** With a way to hold something against one of its fields later. */
  | { kind: "recipe"; recipe: Recipe; faultAt: (path: readonly PropertyKey[], message: string) => Fault }
  | { kind: "faulty"; faults: Fault[] };

/** @returns the faults of a recipe, in the order of the file; or the recipe, whole. */
export function parseRecipe(file: string, text: string): ParsedRecipe {
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
  const parsed = Recipe.safeParse(value, { error: issueText });
  for (const told of parsed.error?.issues.flatMap((issue) => toldBy(issue)).slice(0, MOST_FAULTS) ?? []) {
    const offset = told.isUnknown ? yaml.offsetOfKey(told.path) : yaml.offsetOf(told.path);
    faults.push(fault(offset, told.path, told.message));
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
  return faults.length > 0 ? faulty(faults) : { kind: "recipe", recipe, faultAt };
}

const PLAIN_SECRET =
  "looks like a secret in plain text, which the template, its history and its log would show; read it on the build VM from Key Vault, or reword what only looks like one";

/** What is held against a file that has not been read. */
export function unreadable(file: string, message: string): ParsedRecipe & { kind: "faulty" } {
  return { kind: "faulty", faults: [{ file, line: 1, column: 1, field: "", message }] };
}

export function tooLarge(file: string): ParsedRecipe & { kind: "faulty" } {
  return unreadable(file, `is larger than ${LARGEST_RECIPE / 1024} KiB`);
}

function faulty(faults: Fault[]): ParsedRecipe {
  return {
    kind: "faulty",
    faults: faults.toSorted((one, other) => one.line - other.line || one.column - other.column),
  };
}
