import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonPath,
  nameIgnoringCase,
  pathText,
  propertyOf,
  textProperty,
} from "../json.ts";
import { type ApiVersion, apiVersionOf, API_VERSIONS, NEWEST_API_VERSION } from "./apiVersions.ts";
import { checkTemplate } from "./checkTemplate.ts";
import { type Findings, fit, MISSING, type Remark } from "./fit.ts";
import { imageTemplateShape } from "./imageTemplateShape.ts";
import { regionsOf } from "./oldRegions.ts";
import { withSubnetId } from "./oldNetwork.ts";

/** A template that image builder takes at API version 2025-10-01, every field in its place. */
export interface ModernTemplate {
  location: string;
  tags?: JsonObject;
  identity?: JsonObject;
  properties: JsonObject;
}

export type Modernised =
  | { kind: "modern"; template: ModernTemplate; notes: Remark[] }
  | { kind: "refused"; faults: Remark[]; notes: Remark[] };

/** What a resource has beside what one sends. */
const NOT_SENT = [
  "id",
  "name",
  "type",
  "apiversion",
  "systemdata",
  "resourcegroup",
  "dependson",
  "comments",
  "scope",
  "$schema",
  "condition",
  "copy",
  "metadata",
  "etag",
  "kind",
  "sku",
  "managedby",
];
const TOP = ["location", "tags", "identity", "properties"];

/**
 * Brings a template of any API version to 2025-10-01. Notes tell of each change; faults of each thing that image
 * builder itself would not take. Paths begin at the resource.
 */
export function modernise(
  resource: JsonObject,
  { apiVersion, location }: { apiVersion?: string | undefined; location?: string | undefined } = {},
): Modernised {
  const notes: Remark[] = [];
  const faults: Remark[] = [];
  const versionText = apiVersion ?? textProperty(resource, "apiVersion");
  const version = versionOf(versionText, { notes, faults });
  const found: Findings = { version, notes, faults };

  const whole = unflattened(resource, notes);
  const sent: JsonObject = {};
  for (const [name, value] of Object.entries(whole)) {
    const known = TOP.find((one) => one === name.toLowerCase());
    if (known !== undefined) sent[name] = value;
    else if (name.toLowerCase() === "resources")
      notes.push({ path: [name], message: "is left out: triggers of the template; a recipe has a schedule" });
    else if (!NOT_SENT.includes(name.toLowerCase())) sent[name] = value;
  }
  if (!propertyOf(sent, "location") && location !== undefined) {
    const own = nameIgnoringCase(sent, "location");
    if (own !== undefined) delete sent[own];
    sent["location"] = location;
  }
  const older = olderShapes(sent, found);
  const template = fit(older, imageTemplateShape, [], found);
  for (const one of faults) if (pathText(one.path) === "location" && one.message === MISSING) one.need = "location";
  if (faults.length > 0 || !isJsonObject(template)) return { kind: "refused", faults, notes };
  const modern = regionsOf(template, found) as unknown as ModernTemplate;
  checkTemplate(modern, found);
  return faults.length > 0 ? { kind: "refused", faults, notes } : { kind: "modern", template: modern, notes };
}

function versionOf(text: string | undefined, { notes, faults }: Pick<Findings, "notes" | "faults">): ApiVersion {
  if (text === undefined) {
    notes.push({ path: [], message: `tells no apiVersion, and is read as one of ${NEWEST_API_VERSION}` });
    return NEWEST_API_VERSION;
  }
  const version = apiVersionOf(text);
  if (version) {
    if (version !== NEWEST_API_VERSION)
      notes.push({ path: ["apiVersion"], message: `was ${version}, and is ${NEWEST_API_VERSION} now` });
    return version;
  }
  faults.push({
    path: ["apiVersion"],
    message: `is ${text.slice(0, 40)}, which is none of the versions that are known: ${API_VERSIONS.join(", ")}`,
  });
  return NEWEST_API_VERSION;
}

/** SDKs and the command line show `properties` flattened into the resource. */
function unflattened(resource: JsonObject, notes: Remark[]): JsonObject {
  if (propertyOf(resource, "properties") !== undefined) return resource;
  if (propertyOf(resource, "source") === undefined && propertyOf(resource, "distribute") === undefined) return resource;
  const properties: JsonObject = {};
  const outside: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    const isOutside = TOP.includes(name.toLowerCase()) || NOT_SENT.includes(name.toLowerCase());
    (isOutside ? outside : properties)[name] = value;
  }
  notes.push({
    path: [],
    message: "has its properties flattened, as command lines show them: they are put into properties",
  });
  return { ...outside, properties };
}

/** Shapes that later versions do not have at all; names and texts that only changed are the shape's business. */
function olderShapes(resource: JsonObject, found: Findings): JsonObject {
  return changed(resource, ["properties", "vmProfile", "vnetConfig"], [], (config, path) =>
    isJsonObject(config) ? withSubnetId(config, path, found) : config,
  );
}

/** The same object with one part of it changed, if it has that part. */
function changed(
  object: JsonObject,
  steps: readonly string[],
  path: JsonPath,
  change: (value: Json, path: JsonPath) => Json,
): JsonObject {
  const [step = "", ...rest] = steps;
  const own = nameIgnoringCase(object, step);
  const value = own === undefined ? undefined : object[own];
  if (own === undefined || value === undefined) return object;
  const here = [...path, own];
  if (rest.length === 0) return { ...object, [own]: change(value, here) };
  return isJsonObject(value) ? { ...object, [own]: changed(value, rest, here, change) } : object;
}
