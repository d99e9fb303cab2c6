import { stringify } from "yaml";
import type { Need } from "../armTemplates/templateFault.ts";
import { type JsonObject, pathText } from "../json.ts";
import { type Place, readJsonFile } from "../jsonFile.ts";
import type { Remark } from "./fit.ts";
import { readTemplate, type TemplateOptions } from "./readTemplate.ts";
import { originOf, toRecipe } from "./toRecipe.ts";

/** Something to tell about the file, with its place in it. */
export interface Told {
  /** `resources[0].location`; empty where it is the file as a whole. */
  field: string;
  message: string;
  place: Place;
  /** What would have to be told to mend it. */
  need?: Need | undefined;
}

export type Imported =
  | {
      kind: "imported";
      name: string;
      recipe: JsonObject;
      notes: Told[];
      /** Something to tell of a field of the recipe: where the template has it. */
      tellOf: (path: readonly PropertyKey[], message: string) => Told;
    }
  | { kind: "refused"; faults: Told[]; notes: Told[] };

/** Makes a recipe of an existing template's text. */
export function importTemplate(
  text: string,
  options: TemplateOptions & {
    name?: string | undefined;
    /** Where neither a name is given nor the template has one: the file's, as a rule. */
    otherwise?: string | undefined;
    /** Texts that look like a secret and are none. */
    notSecret?: readonly string[] | undefined;
  },
): Imported {
  const file = readJsonFile(text);
  if (file.kind === "faulty") {
    return { kind: "refused", faults: file.faults.map((fault) => ({ field: "", ...fault })), notes: [] };
  }
  const tell = ({ path, message, need }: Remark): Told => ({
    field: pathText(path),
    message,
    place: file.placeOf(path),
    need,
  });
  const fileNotes = file.notes.map((message) => tell({ path: [], message }));

  const read = readTemplate(file.value, options);
  const notes = [...fileNotes, ...read.notes.map(tell)];
  if (read.kind === "refused") return { kind: "refused", faults: read.faults.map(tell), notes };
  const tellBelow = (remark: Remark) => tell({ ...remark, path: [...read.path, ...remark.path] });

  const name = options.name ?? nameFrom(read.name) ?? nameFrom(options.otherwise);
  if (name === undefined) {
    const message = "has a name of which no recipe's name can be made: give one";
    return { kind: "refused", faults: [tellBelow({ path: ["name"], message })], notes };
  }
  if (options.name === undefined && name !== read.name) {
    const message = `is ${name} in the recipe, whose names are of small letters, digits and hyphens`;
    notes.push(tellBelow({ path: ["name"], message }));
  }
  const made = toRecipe(read.template, { name, notSecret: options.notSecret });
  notes.push(...made.notes.map(tellBelow));
  if (made.kind === "refused") return { kind: "refused", faults: made.faults.map(tellBelow), notes };
  const tellOf = (path: readonly PropertyKey[], message: string) => tellBelow({ path: originOf(path), message });
  return { kind: "imported", name, recipe: made.recipe, notes, tellOf };
}

/** The recipe's file. */
export function yamlOf(recipe: JsonObject): string {
  return stringify(recipe, { lineWidth: 0 });
}

/** `resources[0].location: is missing` */
export function toldText({ field, message }: Told): string {
  return `${field || "the template"}: ${message}`;
}

/** `Win11_AVD Image` becomes `win11-avd-image`; at most 24 characters, cut at a hyphen where there is one. */
export function nameFrom(text: string | undefined): string | undefined {
  const words = (text ?? "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  while (words[0] && !/^[a-z]/.test(words[0])) words.shift();
  let name = "";
  for (const word of words) {
    const longer = name === "" ? word.slice(0, 24) : `${name}-${word}`;
    if (longer.length > 24) break;
    name = longer;
  }
  return name === "" ? undefined : name;
}
