import {
  FORBIDDEN_NAME,
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonPath,
  kindOf,
  nameIgnoringCase,
} from "../json.ts";
import type { Need } from "../armTemplates/templateFault.ts";
import { placeholderIn } from "./placeholders.ts";
import { nearestWord } from "../recipes/nearestWord.ts";
import { type ApiVersion, refusesUnknownFields } from "./apiVersions.ts";
import type { Field, ObjectShape, Shape } from "./shapes.ts";

export interface Remark {
  path: JsonPath;
  message: string;
  /** What has to be told so that it goes away. */
  need?: Need | undefined;
}

/** What is found on the way; without faults, the value that comes out is what image builder takes. */
export interface Findings {
  version: ApiVersion;
  notes: Remark[];
  faults: Remark[];
}

export const MISSING = "is missing";

/** An expression that nobody evaluates, since it stands in a resource by itself. */
const EXPRESSION = /^\[(parameters|variables|concat|format|resourceId|if|resourceGroup|subscription)\(.*\]$/i;

/** Brings a value into a shape, and notes every change. @returns undefined where nothing of it is left. */
export function fit(value: Json, shape: Shape, path: JsonPath, found: Findings): Json | undefined {
  const fault = (message: string) => void found.faults.push({ path, message });
  const note = (message: string) => void found.notes.push({ path, message });
  const wrong = (wanted: string) => fault(`takes ${wanted}, not ${kindOf(value)}`);
  // Tools write null, and the service "", for what is not set.
  if (value === null) return undefined;
  switch (shape.kind) {
    case "text":
      return fitText(value, shape, { fault, note, wrong });
    case "integer": {
      const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      if (typeof number !== "number" || !Number.isSafeInteger(number)) return wrong("a whole number");
      if (number !== value) note(`was the text "${number}": image builder takes a number`);
      const { least, most } = shape;
      if (number < least || number > most) return fault(`takes a number from ${least} to ${most}`);
      return number;
    }
    case "boolean": {
      if (typeof value === "boolean") return value;
      if (typeof value !== "string" || !/^(true|false)$/i.test(value)) return wrong("true or false");
      note(`was the text "${value}": image builder takes a boolean`);
      return value.toLowerCase() === "true";
    }
    case "choice": {
      if (value === "") return undefined;
      if (typeof value !== "string") return wrong(`one of ${shape.values.join(", ")}`);
      const fits = shape.values.find((one) => one.toLowerCase() === value.toLowerCase());
      if (fits === undefined) return fault(`takes one of ${shape.values.join(", ")}, not ${shown(value)}`);
      if (fits !== value) note(`was ${value}: image builder writes it ${fits}`);
      return fits;
    }
    case "list":
      if (!Array.isArray(value)) return wrong("an array");
      return value.flatMap((item, index) => fit(item, shape.of, [...path, index], found) ?? []);
    case "record":
      if (!isJsonObject(value)) return wrong("an object");
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => {
          // An identity is its name, and nothing need stand behind it.
          const fitted = fit(item, shape.of, [...path, name], found) ?? (shape.of.kind === "object" ? {} : undefined);
          return fitted === undefined ? [] : [[name, fitted]];
        }),
      );
    case "object":
      return isJsonObject(value) ? fitObject(value, shape, path, found) : wrong("an object");
    case "union": {
      if (!isJsonObject(value)) return wrong("an object");
      const own = nameIgnoringCase(value, shape.by);
      const says = own === undefined ? undefined : value[own];
      const names = Object.keys(shape.variants);
      if (typeof says !== "string") return fault(`lacks its ${shape.by}: one of ${names.join(", ")}`);
      const name = names.find((one) => one.toLowerCase() === says.toLowerCase());
      const variant = name === undefined ? undefined : shape.variants[name];
      if (name === undefined || !variant) {
        return void found.faults.push({ path: [...path, own ?? shape.by], message: unknownVariant(says, names) });
      }
      if (name !== says)
        found.notes.push({ path: [...path, own ?? shape.by], message: `was ${says}: image builder writes it ${name}` });
      const { [own ?? ""]: _, ...rest } = value;
      return { [shape.by]: name, ...fitObject(rest, variant, path, found) };
    }
  }
  return undefined;
}

interface Say {
  fault: (message: string) => undefined;
  note: (message: string) => undefined;
  wrong: (wanted: string) => undefined;
}

function fitText(value: Json, shape: Shape & { kind: "text" }, { fault, note, wrong }: Say): string | undefined {
  if (typeof value !== "string") return wrong("a string");
  if (shape.isFree) return value;
  if (value === "") return undefined;
  const placeholder = placeholderIn(value);
  if (placeholder !== undefined)
    return fault(`still has the placeholder ${shown(placeholder)}: put what it stands for in its place`);
  if (EXPRESSION.test(value))
    return fault("is an expression of a deployment template, and this is a resource by itself");
  if (shape.pattern && !shape.pattern.test(value)) return fault(shape.says ?? "has a bad value");
  if (shape.isChecksum) {
    if (!/^[0-9a-f]{64}$/i.test(value)) return fault("takes 64 hexadecimal digits, which sha256sum tells");
    return value.toLowerCase();
  }
  if (!shape.isRegion) return value;
  const name = value.toLowerCase().replaceAll(" ", "");
  if (!/^[a-z0-9]+$/.test(name)) return fault(`is no region: ${shown(value)}`);
  if (name !== value) note(`was ${value}: the region's name is ${name}`);
  return name;
}

function fitObject(value: JsonObject, shape: ObjectShape, path: JsonPath, found: Findings): JsonObject {
  const result: JsonObject = {};
  const names = Object.keys(shape.fields);
  for (const [name, item] of Object.entries(value)) {
    const here = [...path, name];
    const known = names.find((one) => isCalled(name, one, shape.fields[one]));
    const field = known === undefined ? undefined : shape.fields[known];
    if (known === undefined || !field) {
      unknownField(name, item, names, here, found);
      continue;
    }
    if (item === null || (item === "" && field.shape.kind === "text")) continue;
    if (field.isReadOnly) {
      found.notes.push({ path: here, message: "is left out: image builder fills it in itself" });
      continue;
    }
    if (Object.hasOwn(result, known)) {
      found.faults.push({ path: here, message: `stands twice: ${known} is the same to image builder` });
      continue;
    }
    if (name !== known) found.notes.push({ path: here, message: `is called ${known} now` });
    const fitted = fit(item, field.shape, here, found);
    if (fitted === undefined) continue;
    if (field.since && field.since > found.version && !isEmpty(fitted)) {
      found.notes.push({
        path: here,
        message: `is of API version ${field.since}, newer than the template's ${found.version}, which did not heed it: it counts now`,
      });
    }
    result[known] = fitted;
  }
  for (const [name, field] of Object.entries(shape.fields)) {
    const isMissing = field.isRequired && !Object.hasOwn(result, name);
    if (isMissing && !found.faults.some((one) => isBelow(one.path, path, name)))
      found.faults.push({ path: [...path, name], message: MISSING });
  }
  return result;
}

function isCalled(name: string, known: string, field: Field | undefined): boolean {
  const lower = name.toLowerCase();
  return lower === known.toLowerCase() || lower === field?.formerly?.toLowerCase();
}

/** A field that is there and wrong is not missing as well. */
function isBelow(faulty: JsonPath, path: JsonPath, name: string): boolean {
  return (
    path.every((step, index) => faulty[index] === step) &&
    String(faulty[path.length]).toLowerCase() === name.toLowerCase()
  );
}

function unknownField(name: string, item: Json, names: readonly string[], path: JsonPath, found: Findings): void {
  const near = nearestWord(name, names);
  const hint = near && name !== FORBIDDEN_NAME ? `; ${near} may be meant` : "";
  if (item === null) return;
  if (refusesUnknownFields(found.version)) {
    found.faults.push({
      path,
      message: `is unknown to image builder, which refuses such fields since API version 2024-02-01${hint}`,
    });
  } else {
    found.notes.push({
      path,
      message: `is left out: image builder does not know it, and did not heed it before API version 2024-02-01${hint}`,
    });
  }
}

function unknownVariant(says: string, names: readonly string[]): string {
  if (says.toLowerCase() === "iso") {
    return "is ISO, of which image builder makes no images since April 2020: begin with an image of the marketplace, or import a disk";
  }
  const near = nearestWord(says, names);
  return `is ${shown(says)}, which image builder does not know: one of ${names.join(", ")}${near ? `; ${near} may be meant` : ""}`;
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
