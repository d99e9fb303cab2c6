import * as z from "zod";
import { component } from "../component.ts";

/** Something that is wrong with a recipe, and where. It never holds the value that is wrong, which may be a secret. */
export const Fault = component(
  "Fault",
  z.strictObject({
    file: z.string(),
    line: z.int().min(1).describe("Counts from 1, as `column` does."),
    column: z.int().min(1),
    field: z.string().describe("`customize[2].scriptUri`; empty where it is the recipe as a whole."),
    message: z.string(),
  }),
);
export type Fault = z.infer<typeof Fault>;

/** Something that is worth to be known about a recipe, and where; it is built all the same. */
export type Note = Fault;

/** `aks-jumpbox.yaml:7:3: location: is missing`, as editors and compilers tell of places. */
export function faultText(fault: Fault): string {
  return `${placeText(fault)}: ${withoutPlace(fault)}`;
}

export function placeText({ file, line, column }: Fault): string {
  return `${file}:${line}:${column}`;
}

/** `location: is missing` */
export function withoutPlace({ file, field, message }: Fault): string {
  const whole = /\.jsonc?$/i.test(file) ? "the template" : "the recipe";
  return `${field || whole}: ${message}`;
}

const DEEPEST_SHOWN = 10;
const LONGEST_SHOWN = 60;

/** `["customize", 2, "scriptUri"]` as `customize[2].scriptUri`. */
export function fieldOf(path: readonly PropertyKey[]): string {
  const field = path.slice(0, DEEPEST_SHOWN).reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${shown(part)}` : shown(part);
  }, "");
  return path.length > DEEPEST_SHOWN ? `${field}…` : field;
}

/** A name that somebody made up, as it may be told. */
export function shown(name: PropertyKey): string {
  const text = String(name).replace(/\s+/g, " ");
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
