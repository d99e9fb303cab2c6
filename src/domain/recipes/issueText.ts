import * as z from "zod";
import { shown } from "./fault.ts";
import { SHORTHANDS } from "./fields.ts";
import { nearestWord } from "./nearestWord.ts";
import { NOT_TAKEN } from "./notTaken.ts";
import { MOST_FAULTS } from "./yamlText.ts";

type Raw<Code> = Extract<z.core.$ZodRawIssue, { code: Code }>;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "fields of its own",
  record: "names with values",
  array: "a list",
};

/**
 * What is wrong, in a person's words, where a schema has none of its own. Of several unknown fields each has a line.
 *
 * @returns undefined where zod's own words do.
 */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeText(issue);
    case "invalid_value":
      return wordText(issue.input, issue.values.map(String));
    case "invalid_union":
      return issue.discriminator === undefined ? undefined : typeFieldText(issue);
    case "unrecognized_keys":
      return issue.keys
        .slice(0, MOST_FAULTS)
        .map((key) => unknownFieldText(key, fieldsOf(issue.inst)))
        .join("\n");
    case "too_small":
      return `takes ${sizeText("at least", Number(issue.minimum), issue.origin)}`;
    case "too_big":
      return `takes ${sizeText("at most", Number(issue.maximum), issue.origin)}`;
    default:
      return undefined;
  }
}

function typeText({ expected, input }: Raw<"invalid_type">): string {
  if (input === undefined) return "is missing";
  const kind = KINDS[expected] ?? expected;
  if (input === null) return `is empty, and takes ${kind}`;
  if (expected === "string")
    return `takes text${Array.isArray(input) ? LISTED : typeof input === "object" ? SPLIT : QUOTED}`;
  if (expected === "array" && typeof input === "string" && input.startsWith("-")) return `takes a list${HYPHEN}`;
  if (expected === "object" && typeof input === "string") return `takes ${kind}${COLON}`;
  const isQuoted = typeof input === "string" && /^(-?\d+(\.\d+)?|true|false)$/i.test(input.trim());
  return isQuoted && expected !== "array" && expected !== "object"
    ? `takes ${kind}: write it without quotes`
    : `takes ${kind}`;
}

const COLON = ", each with a name, a colon, and a blank behind it";
const HYPHEN = ": a blank goes behind the hyphen of an item";
const QUOTED = ": put the value into quotes";
const LISTED = ": what begins with a hyphen or a bracket is a list, unless it is in quotes";
const SPLIT = ": what has a colon with a blank behind it, or a brace, is fields, unless it is in quotes";

function typeFieldText({ discriminator = "", input, options = [] }: Raw<"invalid_union">): string {
  const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  const kinds = (options as unknown[]).map(String);
  const text = wordText(fields[discriminator], kinds);
  if (fields[discriminator] !== undefined) return text;
  const telling = Object.keys(SHORTHANDS).filter((field) => kinds.includes(SHORTHANDS[field] ?? ""));
  const slips = Object.keys(fields).map((field) => [field, nearestWord(field, [discriminator, ...telling])]);
  const [slip, meant] = slips.find(([, word]) => word !== undefined) ?? [];
  return meant === undefined ? text : `${text}; did you mean ${meant}, not ${shown(slip ?? "")}?`;
}

function wordText(value: unknown, valid: readonly string[]): string {
  if (value === undefined) return `is missing; takes ${oneOf(valid)}`;
  if (typeof value !== "string") return `takes ${oneOf(valid)}`;
  const notTaken = NOT_TAKEN.get(value);
  if (notTaken) return notTaken;
  const meant = nearestWord(value, valid);
  return `takes ${oneOf(valid)}${meant && valid.length > 1 ? `; did you mean ${meant}?` : ""}`;
}

function unknownFieldText(field: string, valid: readonly string[]): string {
  const notTaken = NOT_TAKEN.get(field);
  if (notTaken) return notTaken;
  const meant = nearestWord(field, valid);
  if (!meant) return `is not a field here; there are ${valid.join(", ")}`;
  const isCase = meant.toLowerCase() === field.toLowerCase();
  return isCase ? `is written ${meant}` : `is not a field here; did you mean ${meant}?`;
}

/** The fields that an object's schema has. */
function fieldsOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? shown(words[0] ?? "") : `one of ${words.join(", ")}`;
}

function sizeText(bound: string, size: number, origin: string): string {
  if (origin === "string") return bound === "at least" && size === 1 ? "some text" : `${bound} ${size} characters`;
  if (origin === "array") return `${bound} ${size} ${size === 1 ? "item" : "items"}`;
  return `${bound} ${size}`;
}
