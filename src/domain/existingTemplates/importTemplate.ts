import { stringify } from "yaml";
import type { Need } from "../armTemplates/templateFault.ts";
import type { JsonObject } from "../json.ts";
import { type Place, readJsonFile } from "../jsonFile.ts";
import type { Remark } from "./fit.ts";
import { readTemplate, remarkText, type TemplateOptions } from "./readTemplate.ts";
import { toRecipe } from "./toRecipe.ts";

/** Something to tell about the file, with its place in it. */
export interface Told {
  text: string;
  place: Place;
  /** What would have to be told to mend it. */
  need?: Need | undefined;
}

export type Imported =
  | { kind: "imported"; name: string; recipe: JsonObject; yaml: string; notes: Told[] }
  | { kind: "refused"; faults: Told[]; notes: Told[] };

/** Makes a recipe of an existing template's text. */
export function importTemplate(
  text: string,
  options: TemplateOptions & {
    name?: string | undefined;
    /** Where neither a name is given nor the template has one: the file's, as a rule. */
    otherwise?: string | undefined;
  },
): Imported {
  const file = readJsonFile(text);
  if (file.kind === "faulty") {
    return { kind: "refused", faults: file.faults.map(({ message, place }) => ({ text: message, place })), notes: [] };
  }
  const told = (remarks: readonly Remark[]): Told[] =>
    remarks.map((remark) => ({ text: remarkText(remark), place: file.placeOf(remark.path), need: remark.need }));
  const fileNotes = file.notes.map((note) => ({ text: note, place: { line: 1, column: 1 } }));

  const read = readTemplate(file.value, options);
  if (read.kind === "refused")
    return { kind: "refused", faults: told(read.faults), notes: [...fileNotes, ...told(read.notes)] };
  const below = (remarks: readonly Remark[]) => remarks.map((one) => ({ ...one, path: [...read.path, ...one.path] }));

  const name = options.name ?? nameFrom(read.name) ?? nameFrom(options.otherwise);
  if (name === undefined) {
    const message = "has a name of which no recipe's name can be made: give one";
    return {
      kind: "refused",
      faults: told([{ path: [...read.path, "name"], message }]),
      notes: [...fileNotes, ...told(read.notes)],
    };
  }
  const renamed =
    options.name === undefined && name !== read.name
      ? [{ path: ["name"], message: `is ${name} in the recipe, whose names are of small letters, digits and hyphens` }]
      : [];
  const made = toRecipe(read.template, { name });
  const notes = [...fileNotes, ...told(read.notes), ...told(below([...renamed, ...made.notes]))];
  if (made.kind === "refused") return { kind: "refused", faults: told(below(made.faults)), notes };
  return { kind: "imported", name, recipe: made.recipe, yaml: stringify(made.recipe, { lineWidth: 0 }), notes };
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
