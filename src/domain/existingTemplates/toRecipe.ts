import { isJsonObject, type Json, type JsonObject, type JsonPath, pathText } from "../json.ts";
import { issueText } from "../recipes/issueText.ts";
import { allTold } from "../recipes/issues.ts";
import { plainSecretsIn } from "../recipes/plainSecrets.ts";
import { Recipe } from "../recipes/schema.ts";
import type { Remark } from "./fit.ts";
import type { ModernTemplate } from "./modernise.ts";

export type MadeRecipe =
  { kind: "recipe"; recipe: JsonObject; notes: Remark[] } | { kind: "refused"; faults: Remark[]; notes: Remark[] };

/** Fits machines of both generations; image builder chooses by the source's, which the template does not tell. */
const ANY_GENERATION = "Standard_D2ds_v4";

/** What a recipe has beside the template's `properties`, which it has by the same names. */
const BESIDE = ["name", "description", "location", "tags"];

type Note = (path: JsonPath, message: string) => void;

/** Makes a recipe that builds what the template builds. What a recipe cannot say is a fault that names its path. */
export function toRecipe(
  template: ModernTemplate,
  { name, notSecret }: { name: string; notSecret?: readonly string[] | undefined },
): MadeRecipe {
  const notes: Remark[] = [];
  const note: Note = (path, message) => void notes.push({ path, message });
  const { autoRun, stagingResourceGroup, buildTimeoutInMinutes, distribute, vmProfile, ...alike } = template.properties;
  if (template.identity !== undefined)
    note(["identity"], "is left out: the builder of the recipe's trust zone builds it");
  if (isJsonObject(autoRun) && autoRun["state"] === "Enabled") {
    note(["properties", "autoRun"], "is left out: a recipe is built on request or by its schedule");
  }
  if (stagingResourceGroup !== undefined) {
    note(["properties", "stagingResourceGroup"], "is left out: each attempt of a build gets a group of its own");
  }
  if (template.tags !== undefined) note(["tags"], "go onto the image and what is made for the build as well");
  const recipe = {
    name,
    description: "Imported from an image template of Azure VM Image Builder",
    location: template.location,
    ...asUnchecked(withoutIdleSteps(withoutEmpty(alike), note), note),
    vmProfile: machineOf(vmProfile, note),
    distribute: targetsOf(distribute, template.location, note),
    // 0 is how the service writes that no time is told.
    ...(buildTimeoutInMinutes ? { buildTimeoutInMinutes } : {}),
    ...(template.tags === undefined ? {} : { tags: template.tags }),
  };
  const parsed = Recipe.safeParse(recipe, { error: issueText });
  const faults: Remark[] = allTold(parsed.error?.issues ?? []).map((told) => ({
    path: originOf(told.path),
    message: `cannot be said in a recipe: ${told.message}`,
  }));
  for (const { path } of plainSecretsIn(recipe, notSecret)) {
    const message =
      "looks like a secret in plain text, which a recipe must not hold; a recipe of this template can tell in notSecret why it is none";
    const secret = { path: originOf(path), message };
    // A token in a URL is told with what to do about it.
    if (!faults.some((one) => pathText(one.path) === pathText(secret.path))) faults.push(secret);
  }
  return faults.length > 0 ? { kind: "refused", faults, notes } : { kind: "recipe", recipe, notes };
}

/** Where only the source is validated, image builder never does the steps, though it takes them. */
function withoutIdleSteps(fields: JsonObject, note: Note): JsonObject {
  const { customize, ...rest } = fields;
  const { validate } = fields;
  if (customize === undefined || !isJsonObject(validate) || validate["sourceValidationOnly"] !== true) return fields;
  note(["properties", "customize"], "is left out: it is never done where validate has sourceValidationOnly");
  return rest;
}

/** What is fetched without a checksum says so in a recipe. */
function asUnchecked(fields: JsonObject, note: Note): JsonObject {
  const marked = (value: Json, path: JsonPath): Json => {
    if (Array.isArray(value)) return value.map((one, index) => marked(one, [...path, index]));
    if (!isJsonObject(value)) return value;
    const inside = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one, [...path, name])]));
    const isFetched = "scriptUri" in value || "sourceUri" in value;
    if (!isFetched || "sha256Checksum" in value) return inside;
    note(path, "has no sha256Checksum: the recipe says unchecked, and each build is warned of it");
    return { ...inside, unchecked: true };
  };
  const steps = ["customize", "validate", "optimize"];
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      steps.includes(name) ? marked(value, ["properties", name]) : value,
    ]),
  );
}

function machineOf(profile: Json | undefined, note: Note): JsonObject {
  const { vmSize, ...rest } = isJsonObject(profile) ? profile : {};
  if (vmSize === undefined) {
    note(
      ["properties", "vmProfile"],
      `tells no vmSize: the recipe takes ${ANY_GENERATION}, which fits every source; image builder would choose`,
    );
  }
  return { vmSize: vmSize ?? ANY_GENERATION, ...withoutEmpty(rest) };
}

/** One target by itself, several in a list. */
function targetsOf(distribute: Json | undefined, location: string, note: Note): Json {
  const targets = (Array.isArray(distribute) ? distribute : []).map((target, index) => {
    if (!isJsonObject(target)) return target;
    if (target["type"] !== "SharedImage" || !isEmpty(target["targetRegions"])) return withoutEmpty(target);
    note(["properties", "distribute", index], `tells no targetRegions: the recipe takes its own location, ${location}`);
    return { ...withoutEmpty(target), targetRegions: [{ name: location }] };
  });
  const [only] = targets;
  return only !== undefined && targets.length === 1 ? only : targets;
}

/** Image builder takes an empty list or object for one that is not there; a recipe leaves it out. */
function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const inside = insideOf(value);
      return isEmpty(inside) ? [] : [[name, inside]];
    }),
  );
}

function insideOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(insideOf);
  return isJsonObject(value) ? withoutEmpty(value) : value;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Where a recipe's field comes from in the template. */
export function originOf(path: readonly PropertyKey[]): JsonPath {
  const steps = path.map((step) => (typeof step === "number" ? step : String(step)));
  const [first, second] = steps;
  if (first === undefined || BESIDE.includes(String(first))) return steps;
  const isOnlyTarget = first === "distribute" && typeof second === "string";
  return ["properties", first, ...(isOnlyTarget ? [0] : []), ...steps.slice(1)];
}
