import { isJsonObject } from "../json.ts";
import { largerThan } from "./beside.ts";
import type { Fault, Note } from "./fault.ts";
import { issueText } from "./issueText.ts";
import { allTold } from "./issues.ts";
import { nearestWord } from "./nearestWord.ts";
import { notSecretIn } from "./notSecret.ts";
import { overlaid } from "./overlay.ts";
import { ofTemplate, type RecipeGround } from "./ofTemplate.ts";
import { Recipe } from "./schema.ts";
import { stepsOf, type WrittenStep } from "./snippets.ts";
import { TEMPLATE_FIELDS, TemplateRecipe } from "./templateRecipe.ts";
import { faultIn, LARGEST_RECIPE, readWritten, secretFaults } from "./written.ts";
import { MOST_FAULTS } from "./yamlText.ts";

export type ParsedRecipe =
  /** With a way to hold something against one of its fields later. */
  | { kind: "recipe"; recipe: Recipe; notes: Note[]; faultAt: (path: readonly PropertyKey[], message: string) => Fault }
  | { kind: "faulty"; faults: Fault[]; notes: Note[] };

const NOTHING_BESIDE: RecipeGround = { readBeside: () => ({ kind: "unreadable", message: "is not there" }) };

/** A text, and how faults call the file that it is of. */
export interface NamedText {
  file: string;
  text: string;
}

/**
 * @param ground where a recipe may name a template and include snippets beside it.
 * @param overlay what an environment changes of it.
 * @returns the faults of a recipe, in the order of the file; or the recipe, whole.
 */
export function parseRecipe(file: string, text: string, ground = NOTHING_BESIDE, overlay?: NamedText): ParsedRecipe {
  if (text.length > LARGEST_RECIPE) return unreadable(file, largerThan(LARGEST_RECIPE));
  const written = readWritten(file, text);
  const over = overlay && readWritten(overlay.file, overlay.text);
  const faults = [...written.faults, ...(over?.faults ?? [])];
  if ([written, over].some((one) => one && one.yaml.misread.length > 0)) return faulty(faults);

  const { fromOf, ...whole } = overlaid(written, over);
  let { value } = whole;
  faults.push(...whole.faults);
  const notSecret = notSecretIn(value);
  for (const one of over ? [written, over] : [written]) faults.push(...secretFaults(one, notSecret));
  let steps: WrittenStep[] = [];
  let uploaded = 0;
  const namesTemplate = isOfTemplate(value);
  if (!namesTemplate && hasSteps(value)) {
    const found = stepsOf(fromOf(["customize"]), ["customize"], value.customize, ground, {
      includes: true,
      uploaded,
      notSecret,
    });
    ({ steps, uploaded } = found);
    faults.push(...found.faults);
    value = { ...value, customize: steps.map(({ step }) => step) };
  }
  if (!namesTemplate && hasTrials(value)) {
    const { validate } = value;
    const found = stepsOf(fromOf(TRIALS), TRIALS, validate.inVMValidations, ground, {
      includes: false,
      uploaded,
      notSecret,
    });
    faults.push(...found.faults);
    value = { ...value, validate: { ...validate, inVMValidations: found.steps.map(({ step }) => step) } };
  }
  const fault = (path: readonly PropertyKey[], message: string, isUnknown = false): Fault => {
    const [first, at, ...rest] = path;
    const step = first === "customize" && typeof at === "number" ? steps[at] : undefined;
    const { from, path: own } = step
      ? { from: step.from, path: [...step.path, ...rest] }
      : { from: fromOf(path), path };
    return faultIn(from, isUnknown ? from.yaml.offsetOfKey(own) : from.yaml.offsetOf(own), own, message);
  };
  const faultAt = (path: readonly PropertyKey[], message: string) => fault(path, message);

  const parsed = (namesTemplate ? TemplateRecipe : Recipe).safeParse(value, { error: issueText });
  for (const told of allTold(parsed.error?.issues ?? []).slice(0, MOST_FAULTS)) {
    const { path, isUnknown } = told;
    const isDouble = namesTemplate && isUnknown && path.length === 1 && TEMPLATE_FIELDS.has(path[0] ?? "");
    faults.push(fault(path, isDouble ? "is told by the template: leave out one of the two" : told.message, isUnknown));
  }
  if (!parsed.success) return faulty(faults);

  const recipe = parsed.data;
  if (file !== `${recipe.name}.yaml`) {
    faults.push(faultAt(["name"], `must be the file's name, ${file.replace(/\.ya?ml$/, "")}`));
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

function hasSteps(value: unknown): value is { customize: unknown[] } {
  return isJsonObject(value) && Array.isArray(value["customize"]);
}

const TRIALS = ["validate", "inVMValidations"];

function hasTrials(value: unknown): value is { validate: { inVMValidations: unknown[] } } {
  return isJsonObject(value) && isJsonObject(value["validate"]) && Array.isArray(value["validate"]["inVMValidations"]);
}

/** What is held against a file that has not been read. */
export function unreadable(file: string, message: string): ParsedRecipe & { kind: "faulty" } {
  return { kind: "faulty", faults: [{ file, line: 1, column: 1, field: "", message }], notes: [] };
}

function faulty(faults: Fault[]): ParsedRecipe {
  return {
    kind: "faulty",
    faults: faults.toSorted((one, other) => one.line - other.line || one.column - other.column),
    notes: [],
  };
}
