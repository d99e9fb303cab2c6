/** A JSON value. Objects are read by their own properties only: their names are somebody else's. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** Names and indexes from the root: `["resources", 0, "properties"]`. */
export type JsonPath = readonly (string | number)[];

/** `resources[0].properties.tags['cost center']`; empty for the root. */
export function pathText(path: JsonPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `['${step.slice(0, 100)}']`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `an object`, `a text`: what a value is, for a message. */
export function kindOf(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a string" : typeof value === "number" ? "a number" : "a boolean";
}

/** The name as the object writes it, since ARM compares names without case. An exact match goes first. */
export function nameIgnoringCase(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(object).find((own) => own.toLowerCase() === lower);
}

/** A property whose name is compared as ARM does, without case. */
export function propertyOf(object: JsonObject, name: string): Json | undefined {
  const own = nameIgnoringCase(object, name);
  return own === undefined ? undefined : object[own];
}

/** The same as text; undefined where it is none. */
export function textProperty(object: JsonObject, name: string): string | undefined {
  const value = propertyOf(object, name);
  return typeof value === "string" ? value : undefined;
}

/** The one name that an assignment would not make a property of: it would change what the object is. */
export const FORBIDDEN_NAME = "__proto__";
