import { z } from "zod";
import { shown } from "./fault.ts";
import { nearestWord } from "./nearestWord.ts";
import { NOT_TAKEN } from "./notTaken.ts";
import { MOST_FAULTS } from "./yamlText.ts";

type Raw<Code> = Extract<z.core.$ZodRawIssue, { code: Code }>;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
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
  if (expected === "string" && typeof input !== "object") return "takes text: put the value into quotes";
  const isQuoted = typeof input === "string" && /^(-?\d+(\.\d+)?|true|false)$/i.test(input.trim());
  return isQuoted && expected !== "array" && expected !== "object"
    ? `takes ${kind}: write it without quotes`
    : `takes ${kind}`;
}

function typeFieldText({ discriminator = "", input, options = [] }: Raw<"invalid_union">): string {
  const value = (input as Record<string, unknown> | null | undefined)?.[discriminator];
  return wordText(value, (options as unknown[]).map(String));
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
