import { isJsonObject, type Json, type JsonObject, kindOf, propertyOf, textProperty } from "../json.ts";
import { TemplateFault } from "./templateFault.ts";

/** What a parameter is given: a value, a text of the command line, or what an outer template makes of an expression. */
export type Given =
  | { kind: "value"; value: Json }
  | { kind: "text"; text: string }
  | { kind: "outer"; read: () => Json }
  /** A parameter file may name a secret of a key vault instead of a value. */
  | { kind: "secret" };

/** By their names in lower case. */
export type GivenParameters = ReadonlyMap<string, Given>;

/** A parameter's type in lower case, with `$ref` followed into the template's `definitions`. */
export function parameterType(definition: JsonObject, template: JsonObject): string {
  let found = definition;
  for (let hops = 0; hops < 10; hops++) {
    const reference = textProperty(found, "$ref");
    if (reference === undefined) break;
    const definitions = propertyOf(template, "definitions");
    const next = isJsonObject(definitions)
      ? propertyOf(definitions, reference.replace("#/definitions/", ""))
      : undefined;
    if (!isJsonObject(next)) throw new TemplateFault(`has a type ${reference.slice(0, 100)} that is not defined`);
    found = next;
  }
  return (textProperty(found, "type") ?? "").toLowerCase();
}

/** The value of a text, as the command line gives it: JSON but for parameters that are strings. */
export function valueOfText(text: string, type: string): Json {
  if (type === "string" || type === "securestring") return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new TemplateFault(`takes a value of the type ${type}, in JSON`);
  }
}

/** Holds a value to its parameter's definition. @throws TemplateFault */
export function checkParameter(value: Json, type: string, definition: JsonObject): void {
  const fits = new Map<string, boolean>(
    Object.entries({
      string: typeof value === "string",
      securestring: typeof value === "string",
      int: typeof value === "number" && Number.isInteger(value),
      bool: typeof value === "boolean",
      array: Array.isArray(value),
      object: isJsonObject(value),
      secureobject: isJsonObject(value),
    }),
  );
  const fit = fits.get(type);
  if (fit === undefined) throw new TemplateFault(`has the type ${type.slice(0, 50) || "(none)"}, which ARM has not`);
  if (!fit) throw new TemplateFault(`takes a value of the type ${type}, not ${kindOf(value)}`);
  const allowed = propertyOf(definition, "allowedValues");
  if (Array.isArray(allowed)) {
    const texts = new Set(allowed.map((one) => JSON.stringify(one)));
    const asked = Array.isArray(value) && !texts.has(JSON.stringify(value)) ? value : [value];
    if (asked.some((one) => !texts.has(JSON.stringify(one)))) {
      throw new TemplateFault(`allows only ${[...texts].join(", ").slice(0, 300)}`);
    }
  }
  const size =
    typeof value === "number" ? value : typeof value === "string" || Array.isArray(value) ? value.length : undefined;
  const [least, most] = typeof value === "number" ? ["minValue", "maxValue"] : ["minLength", "maxLength"];
  const bound = (name = "") => propertyOf(definition, name);
  const [low, high] = [bound(least), bound(most)];
  if (size !== undefined && typeof low === "number" && size < low)
    throw new TemplateFault(`is below its ${least}, ${low}`);
  if (size !== undefined && typeof high === "number" && size > high)
    throw new TemplateFault(`is above its ${most}, ${high}`);
}
