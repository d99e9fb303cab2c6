import type { z } from "zod";
import { isJsonObject, type Json, type JsonObject, type JsonPath } from "../json.ts";
import { Recipe } from "../recipe.ts";
import type { Remark } from "./fit.ts";
import type { ModernTemplate } from "./modernise.ts";

export type MadeRecipe =
  { kind: "recipe"; recipe: JsonObject; notes: Remark[] } | { kind: "refused"; faults: Remark[]; notes: Remark[] };

/** Fits machines of both generations; image builder chooses by the source's, which the template does not tell. */
const ANY_GENERATION = "Standard_D2ds_v4";
const LONGEST_STEP_NAME = 80;

/** Fields of `properties` that a recipe has by the same name, if it has them. */
const ALIKE = ["validate", "optimize", "errorHandling", "stagingResourceGroup"];

/** Makes a recipe that builds what the template builds. What a recipe cannot say is a fault that names its path. */
export function toRecipe(template: ModernTemplate, { name }: { name: string }): MadeRecipe {
  const notes: Remark[] = [];
  const { properties } = template;
  const note = (path: JsonPath, message: string) => void notes.push({ path, message });
  if (template.identity !== undefined)
    note(["identity"], "is left out: the builder of the recipe's trust zone builds it");
  if (isJsonObject(properties["autoRun"]) && properties["autoRun"]["state"] === "Enabled") {
    note(["properties", "autoRun"], "is left out: a recipe is built on request or by its schedule");
  }
  const timeout = properties["buildTimeoutInMinutes"];
  const customize = properties["customize"];
  const recipe: JsonObject = {
    name,
    description: `Imported from an image template of Azure VM Image Builder`,
    location: template.location,
    source: properties["source"] ?? null,
    vm: machineOf(properties, note),
    customize: (Array.isArray(customize) ? customize : []).map((step, index) => namedStep(step, index, note)),
    distribute: distributionOf(properties, note),
    ...tagsOf(template, note),
    ...(typeof timeout === "number" && timeout > 0 ? { timeoutMinutes: timeout } : {}),
  };
  for (const field of ALIKE) if (!isEmpty(properties[field])) recipe[field] = properties[field] ?? null;

  const faults = several(properties);
  const parsed = Recipe.safeParse(recipe);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(issue, recipe)));
  return faults.length > 0 ? { kind: "refused", faults, notes } : { kind: "recipe", recipe, notes };
}

type Note = (path: JsonPath, message: string) => void;

function machineOf(properties: JsonObject, note: Note): JsonObject {
  const profile = isJsonObject(properties["vmProfile"]) ? properties["vmProfile"] : {};
  const { vmSize, osDiskSizeGB, vnetConfig, userAssignedIdentities } = profile;
  if (vmSize === undefined)
    note(
      ["properties", "vmProfile", "vmSize"],
      `is not told: the recipe takes ${ANY_GENERATION}, which fits every source; image builder would choose`,
    );
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = isJsonObject(vnetConfig) ? vnetConfig : {};
  return Object.fromEntries(
    Object.entries({
      size: vmSize ?? ANY_GENERATION,
      osDiskSizeGB: osDiskSizeGB === 0 ? undefined : osDiskSizeGB,
      subnetId,
      containerInstanceSubnetId,
      proxyVmSize,
      userAssignedIdentities: isEmpty(userAssignedIdentities) ? undefined : userAssignedIdentities,
      additionalDataDisks: isEmpty(properties["additionalDataDisks"]) ? undefined : properties["additionalDataDisks"],
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Steps of a recipe have names; image builder's need none. */
function namedStep(step: Json, index: number, note: Note): Json {
  if (!isJsonObject(step)) return step;
  const { type, name, ...rest } = step;
  const path = ["properties", "customize", index, "name"];
  let own = typeof name === "string" ? name : "";
  if (own === "") {
    own = `${(typeof type === "string" ? type : "").replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase()}-${index + 1}`;
    note(path, `is not told: the recipe says ${own}`);
  } else if (own.length > LONGEST_STEP_NAME) {
    own = own.slice(0, LONGEST_STEP_NAME);
    note(path, `is cut to ${LONGEST_STEP_NAME} characters`);
  }
  return { type: type ?? null, name: own, ...rest };
}

/** The first target; several are a fault, told by {@link several}. */
function distributionOf(properties: JsonObject, note: Note): Json {
  const [target] = Array.isArray(properties["distribute"]) ? properties["distribute"] : [];
  if (!isJsonObject(target)) return null;
  const { runOutputName, artifactTags: _, versioning, ...rest } = target;
  note(
    ["properties", "distribute", 0, "runOutputName"],
    `${JSON.stringify(runOutputName)} is left out: the service names its run outputs itself`,
  );
  if (!isJsonObject(versioning)) return rest;
  const { major, ...scheme } = versioning;
  // -1 is how the service writes that no major is told.
  return { ...rest, versioning: major === -1 || major === undefined ? scheme : { ...scheme, major } };
}

function several(properties: JsonObject): Remark[] {
  const targets = Array.isArray(properties["distribute"]) ? properties["distribute"] : [];
  return targets.slice(1).map((_, index) => ({
    path: ["properties", "distribute", index + 1],
    message: "cannot be said in a recipe yet, which has one target",
  }));
}

/** A recipe's tags go onto template, resources and image alike. */
function tagsOf({ tags = {}, properties }: ModernTemplate, note: Note): { tags?: JsonObject } {
  const [target] = Array.isArray(properties["distribute"]) ? properties["distribute"] : [];
  const artifact = isJsonObject(target) && isJsonObject(target["artifactTags"]) ? target["artifactTags"] : {};
  const managed = isJsonObject(properties["managedResourceTags"]) ? properties["managedResourceTags"] : {};
  const all = { ...tags, ...managed, ...artifact };
  if (Object.keys(all).length === 0) return {};
  const sets = [tags, managed, artifact].filter((one) => Object.keys(one).length > 0);
  if (sets.some((one) => Object.entries(all).some(([name, value]) => one[name] !== value))) {
    note(
      ["tags"],
      "go with managedResourceTags and artifactTags: a recipe has one set for template, resources and image; the image's count most",
    );
  }
  return { tags: all };
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Where a recipe's field comes from in the template. */
function originOf(path: readonly PropertyKey[]): JsonPath {
  const [first, ...rest] = path.map((step) => (typeof step === "number" ? step : String(step)));
  switch (first) {
    case undefined:
    case "name":
    case "location":
    case "tags":
      return first === undefined ? [] : [first, ...rest];
    case "timeoutMinutes":
      return ["properties", "buildTimeoutInMinutes"];
    case "distribute":
      return ["properties", "distribute", ...(typeof rest[0] === "number" ? rest : [0, ...rest])];
    case "vm": {
      const [field, ...below] = rest;
      if (field === undefined) return ["properties", "vmProfile"];
      if (field === "additionalDataDisks") return ["properties", field, ...below];
      if (field === "size") return ["properties", "vmProfile", "vmSize"];
      const isNetwork = ["subnetId", "containerInstanceSubnetId", "proxyVmSize"].includes(String(field));
      return ["properties", "vmProfile", ...(isNetwork ? ["vnetConfig"] : []), field, ...below];
    }
    default:
      return ["properties", first, ...rest];
  }
}

function faultsOf(issue: z.core.$ZodIssue, recipe: JsonObject): Remark[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: originOf([...issue.path, key]),
      message: "cannot be said in a recipe yet",
    }));
  }
  const path = originOf(issue.path);
  const value = issue.path.reduce<Json | undefined>(
    (at, step) => (typeof at === "object" && at !== null ? (at as JsonObject)[String(step)] : undefined),
    recipe,
  );
  if (issue.code === "invalid_union" || (issue.path.at(-1) === "type" && issue.code === "invalid_value")) {
    return [{ path, message: `is ${JSON.stringify(value)}, which cannot be said in a recipe yet` }];
  }
  return [{ path, message: `cannot be said in a recipe: ${issue.message}` }];
}
