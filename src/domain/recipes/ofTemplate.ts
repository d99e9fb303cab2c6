import type { Given } from "../armTemplates/parameters.ts";
import type { Need } from "../armTemplates/templateFault.ts";
import { importTemplate, type Told } from "../existingTemplates/importTemplate.ts";
import { isJsonObject, type Json } from "../json.ts";
import { LARGEST_JSON } from "../jsonFile.ts";
import { type ReadBeside, textOf } from "./beside.ts";
import type { Fault, Note } from "./fault.ts";
import { issueText } from "./issueText.ts";
import { allTold } from "./issues.ts";
import { Recipe } from "./schema.ts";
import type { TemplateRecipe } from "./templateRecipe.ts";

/** What a recipe's own file does not hold. */
export interface RecipeGround {
  /** The service's: without it, ids in it begin at `/resourceGroups/`. */
  subscriptionId?: string | undefined;
  /** Id of the container that scripts beside recipes are put into which are too long for a template. */
  scriptContainer?: string | undefined;
  /** Templates that recipes name, snippets that they include, scripts and files. */
  readBeside: ReadBeside;
}

export type RecipeOfTemplate =
  | { kind: "recipe"; recipe: Recipe; notes: Note[]; faultAt: FaultAt }
  | { kind: "faulty"; faults: Fault[]; notes: Note[] };

type FaultAt = (path: readonly PropertyKey[], message: string) => Fault;

/** How what is missing is told in a recipe. */
const MENDS: Record<Need, string> = {
  subscription: ": the service knows it, goldsmith check takes it as --subscription",
  "resource-group": ": set resourceGroup in the recipe",
  location: ": set location in the recipe",
  parameter: ": set it in the recipe's parameters",
  resource: ": set resource in the recipe",
};

/** Makes a recipe like any other of one that names a template. @param ownFaultAt a place in the recipe's own file. */
export function ofTemplate(own: TemplateRecipe, ownFaultAt: FaultAt, ground: RecipeGround): RecipeOfTemplate {
  const { template, parameters = {}, resource, resourceGroup, tags, ...fields } = own;
  const file = textOf(ground.readBeside(template, LARGEST_JSON));
  if (file.kind === "unreadable") {
    return { kind: "faulty", faults: [ownFaultAt(["template"], file.message)], notes: [] };
  }
  const given = new Map<string, Given>();
  for (const [name, value] of Object.entries(parameters)) {
    if (given.has(name.toLowerCase())) {
      const fault = ownFaultAt(["parameters", name], "stands there twice: names of parameters have no case");
      return { kind: "faulty", faults: [fault], notes: [] };
    }
    given.set(name.toLowerCase(), { kind: "value", value: value as Json });
  }
  const notSecret = fields.notSecret.map(({ text }) => text);
  // Not told the time: a plan is the same whenever it is made.
  const target = { subscriptionId: ground.subscriptionId, resourceGroup, location: own.location };
  const imported = importTemplate(file.text, { name: own.name, given, wanted: resource, target, notSecret });

  const inTemplate = ({ field, message, place, need }: Told): Fault => ({
    file: template,
    ...place,
    field,
    message: message + (need === undefined ? "" : MENDS[need]),
  });
  const notes = imported.notes.map(inTemplate);
  if (imported.kind === "refused") return { kind: "faulty", faults: imported.faults.map(inTemplate), notes };

  const { location = null, tags: templateTags } = imported.recipe;
  if (own.location !== undefined && own.location !== location) {
    const fault = ownFaultAt(["location"], `must be the template's own, ${JSON.stringify(location)}, or be left out`);
    return { kind: "faulty", faults: [fault], notes };
  }
  const parsed = Recipe.safeParse(
    { ...imported.recipe, ...fields, tags: tagsOf(templateTags, tags) },
    { error: issueText },
  );
  const faultAt: FaultAt = (path, message) =>
    Object.hasOwn(own, path[0] ?? "") ? ownFaultAt(path, message) : inTemplate(imported.tellOf(path, message));
  if (parsed.success) return { kind: "recipe", recipe: parsed.data, notes, faultAt };
  const told = allTold(parsed.error.issues);
  return { kind: "faulty", faults: told.map(({ path, message }) => faultAt(path, message)), notes };
}

/** The recipe's own tags beside the template's; names of tags have no case in Azure. */
function tagsOf(templateTags: Json | undefined, own: Record<string, string>): Record<string, Json> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const others = Object.entries(isJsonObject(templateTags) ? templateTags : {});
  return { ...Object.fromEntries(others.filter(([name]) => !names.has(name.toLowerCase()))), ...own };
}
