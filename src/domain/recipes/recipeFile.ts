import { checkSchedule } from "../schedule.ts";
import type { Fault } from "./fault.ts";
import { issueText } from "./issueText.ts";
import { toldBy } from "./issues.ts";
import { Recipe } from "./schema.ts";
import { type ReadSnippet, stepsOf, type WrittenStep } from "./snippets.ts";
import { faultIn, LARGEST_RECIPE, readWritten } from "./written.ts";
import { MOST_FAULTS } from "./yamlText.ts";

export type ParsedRecipe =
  /** With a way to hold something against one of its fields later. */
  | { kind: "recipe"; recipe: Recipe; faultAt: (path: readonly PropertyKey[], message: string) => Fault }
  | { kind: "faulty"; faults: Fault[] };

/**
 * @param read the snippets that there are; none unless told.
 * @returns the faults of a recipe, in the order of the file; or the recipe, whole.
 */
export function parseRecipe(
  file: string,
  text: string,
  read: ReadSnippet = () => ({ kind: "unreadable", message: "is not there" }),
): ParsedRecipe {
  if (text.length > LARGEST_RECIPE) return tooLarge(file);
  const written = readWritten(file, text);
  if (written.yaml.misread.length > 0) return faulty(written.faults);
  const faults = [...written.faults];

  let { value } = written.yaml;
  let steps: WrittenStep[] = [];
  if (hasSteps(value)) {
    const found = stepsOf(written, value.customize, read);
    ({ steps } = found);
    faults.push(...found.faults);
    value = { ...value, customize: steps.map(({ step }) => step) };
  }
  const fault = (path: readonly PropertyKey[], message: string, isUnknown = false): Fault => {
    const [first, at, ...rest] = path;
    const step = first === "customize" && typeof at === "number" ? steps[at] : undefined;
    const { from, path: own } = step ? { from: step.from, path: [...step.path, ...rest] } : { from: written, path };
    return faultIn(from, isUnknown ? from.yaml.offsetOfKey(own) : from.yaml.offsetOf(own), own, message);
  };
  const faultAt = (path: readonly PropertyKey[], message: string) => fault(path, message);

  const parsed = Recipe.safeParse(value, { error: issueText });
  for (const told of parsed.error?.issues.flatMap((issue) => toldBy(issue)).slice(0, MOST_FAULTS) ?? []) {
    faults.push(fault(told.path, told.message, told.isUnknown));
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

function hasSteps(value: unknown): value is { customize: unknown[] } {
  return typeof value === "object" && value !== null && "customize" in value && Array.isArray(value.customize);
}

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
