import { visit } from "jsonc-parser";
import type * as z from "zod";
import { problem, type Problem } from "./problem.ts";

/** Larger bodies are refused unread: a request for a build is a few hundred bytes. */
export const LARGEST_BODY = 64 * 1024;
/** What of the caller's own names may be repeated to it: anything else may be a value, a secret or very long. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;
/** Unknown fields that are named in one answer. */
const MOST_NAMED = 5;
/** Deeper nesting than any of our schemas has. */
const DEEPEST = 32;

export type ParsedBody<T> = { kind: "parsed"; value: T } | { kind: "refused"; problem: Problem };

/** What a body may be, where it is not a usual one. */
export interface BodyLimits {
  /** Bytes. */
  largest: number;
  /** Media types of JSON. */
  types: readonly string[];
}

const USUAL: BodyLimits = { largest: LARGEST_BODY, types: ["application/json"] };

/** Parses a request's body against a schema, and trusts nothing about it before. */
export function parseJsonBody<T>(
  schema: z.ZodType<T>,
  body: Uint8Array,
  headers: { contentType: string | null; contentEncoding: string | null },
  { largest, types } = USUAL,
): ParsedBody<T> {
  if (headers.contentEncoding && headers.contentEncoding !== "identity") {
    return refused(415, "content-encoding", "The body must not be compressed.");
  }
  const [, type = ""] = /^([^;\s]*)\s*(;\s*charset="?utf-8"?\s*)?$/i.exec(headers.contentType ?? "") ?? [];
  if (!types.includes(type.toLowerCase())) {
    return refused(415, "content-type", `The body must be ${types.join(" or ")}, in UTF-8.`);
  }
  if (body.length > largest) {
    return refused(413, "body-too-large", `The body must not be larger than ${largest} bytes.`);
  }
  if (body.length === 0) return refused(400, "body-missing", "The body is empty; {} asks for a build.");

  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    value = JSON.parse(text);
  } catch (error) {
    const what = error instanceof SyntaxError ? "JSON" : "UTF-8";
    return refused(400, "body-malformed", `The body is not valid ${what}.`);
  }
  const fault = structureFault(text);
  if (fault) return refused(400, "body-malformed", fault);

  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "parsed", value: parsed.data };
  return refused(400, "body-invalid", "The body does not have the form that is asked for.", {
    errors: parsed.error.issues.map((issue) => ({ pointer: pointerOf(issue.path), detail: detailOf(issue) })),
  });
}

function refused(...args: Parameters<typeof problem>): { kind: "refused"; problem: Problem } {
  return { kind: "refused", problem: problem(...args) };
}

/** What JSON.parse lets pass: a name given twice, of which the last would win, and nesting without end. */
function structureFault(text: string): string | undefined {
  let fault: string | undefined;
  const names: Set<string>[] = [];
  let depth = 0;
  const enter = () => {
    if (++depth > DEEPEST) fault ??= `The body is nested deeper than ${DEEPEST} levels.`;
    return depth <= DEEPEST;
  };
  const visitor = {
    onObjectBegin: () => {
      names.push(new Set());
      return enter();
    },
    onObjectEnd: () => {
      names.pop();
      depth--;
    },
    onArrayBegin: enter,
    onArrayEnd: () => void depth--,
    onObjectProperty: (name: string) => {
      if (names.at(-1)?.has(name)) fault ??= "The body has an object in which a name stands twice.";
      names.at(-1)?.add(name);
    },
  };
  try {
    visit(text, visitor);
  } catch (error) {
    // The visitor is recursive: nesting of thousands of levels exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
  }
  return fault;
}

/** The schema's own words, but for unknown fields: zod repeats their names, and those are the caller's. */
function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  const named = issue.keys.filter((key) => PLAIN_NAME.test(key)).slice(0, MOST_NAMED);
  if (named.length === 0) return "There is an unknown field.";
  return `There is an unknown field: ${named.join(", ")}${named.length < issue.keys.length ? ", and more" : ""}.`;
}

/** RFC 6901. Names in the body are not ours to repeat in full. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).slice(0, 50).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
