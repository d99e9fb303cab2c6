import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { FORBIDDEN_NAME, type Json, type JsonObject, type JsonPath } from "./json.ts";

/** ARM takes templates of up to 4 MB. */
export const LARGEST_JSON = 4 * 1024 * 1024;
/** Deeper than any template that a person or a compiler writes: nested deployments take about six levels each. */
const DEEPEST = 100;
/** More faults are not told at once. */
const MOST_FAULTS = 20;

/** The scanner's own numbers: its enum is not there at run time. */
const TOKENS = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  end: 17,
} as const;

export interface Place {
  /** From 1. */
  line: number;
  column: number;
}

export interface PlacedFault {
  message: string;
  place: Place;
}

export interface JsonFile {
  kind: "json";
  value: Json;
  /** What JSON proper has not, and ARM puts up with. */
  notes: string[];
  /** Where the value of a path stands, or the nearest thing above it that is in the file. */
  placeOf: (path: JsonPath) => Place;
}

export type ReadJson = JsonFile | { kind: "faulty"; faults: PlacedFault[] };

/** In place of line breaks inside strings, so that every offset stays what it is. No Unicode text has these. */
const [LINE_FEED, CARRIAGE_RETURN] = ["\uFDD0", "\uFDD1"];

/**
 * Reads JSON as ARM's tools do: comments, commas behind the last element and strings of several lines are put up with,
 * and noted. A name that stands twice in one object is a fault where both have a value: the last would count, and it is
 * anybody's guess which was meant.
 */
export function readJsonFile(text: string): ReadJson {
  const faultAt = (offset: number, message: string): ReadJson => ({
    kind: "faulty",
    faults: [{ message, place: placeAt(text, offset) }],
  });
  if (text.length > LARGEST_JSON) return faultAt(0, `is larger than ${LARGEST_JSON} bytes, which ARM does not take`);
  if (text.trim() === "") return faultAt(0, "is empty");

  const found = { comments: false, lineBreaks: false, trailingCommas: false };
  const readable = text.replace(/^\uFEFF/, " ");
  const joined = joinStrings(readable);
  found.lineBreaks = joined !== readable;
  const tooDeep = firstTooDeep(joined, found);
  if (tooDeep !== undefined) return faultAt(tooDeep, `is nested deeper than ${DEEPEST} levels`);

  const errors: ParseError[] = [];
  const root = parseTree(joined, errors, { allowTrailingComma: true });
  const faults = errors.slice(0, MOST_FAULTS).map(({ error, offset, length }) => ({
    message: syntaxMessage(printParseErrorCode(error), joined.slice(offset, offset + length)),
    place: placeAt(text, offset),
  }));
  if (!root || faults.length > 0) {
    return {
      kind: "faulty",
      faults:
        faults.length > 0
          ? faults.slice(0, MOST_FAULTS)
          : [{ message: "holds no value", place: { line: 1, column: 1 } }],
    };
  }
  const repeated = new Set<string>();
  const fault = (node: Node, message: string) => faults.push({ message, place: placeAt(text, node.offset) });
  const value = valueOf(root, { fault, repeated });
  if (faults.length > 0) return { kind: "faulty", faults: faults.slice(0, MOST_FAULTS) };

  const notes = [
    ...(found.comments ? ["has comments, which JSON has not: they are left out"] : []),
    ...(found.trailingCommas ? ["has commas behind a last element, which JSON has not: they are put up with"] : []),
    ...(found.lineBreaks ? ["has strings of several lines, which JSON has not: the line breaks are kept"] : []),
  ];
  for (const name of repeated) notes.push(`has ${name} twice in one object, once without a value of its own: left out`);
  return { kind: "json", value, notes, placeOf: (path) => placeAt(text, nearest(root, path).offset) };
}

/** PowerShell writes UTF-16 where it is not told otherwise; what has no byte order mark is UTF-8. */
export function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

function syntaxMessage(code: string, at: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const placeholder = /^<[\w -]*>?/.exec(at)?.[0];
  if (placeholder) return `is no JSON: ${placeholder} looks like a placeholder that was not replaced`;
  return `is no JSON: ${words}`;
}

/** Line breaks inside strings become one character each; everything else stays, comments as well. */
function joinStrings(text: string): string {
  if (!/[\r\n]/.test(text) || /[\uFDD0\uFDD1]/.test(text)) return text;
  return text.replace(/"[^"\\]*(?:\\[^][^"\\]*)*(?:"|$)|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/g, (token) =>
    token.startsWith('"') ? token.replaceAll("\n", LINE_FEED).replaceAll("\r", CARRIAGE_RETURN) : token,
  );
}

/** Before the parser, which is recursive, sees it. */
function firstTooDeep(text: string, found: { comments: boolean; trailingCommas: boolean }): number | undefined {
  const scanner = createScanner(text, false);
  let depth = 0;
  let comma = false;
  for (let token: number = scanner.scan(); token !== TOKENS.end; token = scanner.scan()) {
    if (token === TOKENS.lineBreak || token === TOKENS.trivia) continue;
    if (token === TOKENS.lineComment || token === TOKENS.blockComment) {
      found.comments = true;
      continue;
    }
    if (token === TOKENS.openBrace || token === TOKENS.openBracket) {
      if (++depth > DEEPEST) return scanner.getTokenOffset();
    } else if (token === TOKENS.closeBrace || token === TOKENS.closeBracket) {
      depth--;
      if (comma) found.trailingCommas = true;
    }
    comma = token === TOKENS.comma;
  }
  return undefined;
}

interface Found {
  fault: (node: Node, message: string) => void;
  /** Names that stand twice, and may. */
  repeated: Set<string>;
}

function valueOf(node: Node, found: Found): Json {
  if (node.type === "array") return (node.children ?? []).map((child) => valueOf(child, found));
  if (node.type === "object") {
    const object: JsonObject = {};
    for (const { children: [key, child] = [] } of node.children ?? []) {
      if (!key || !child) continue;
      const name = withLineBreaks(String(key.value));
      const value = valueOf(child, found);
      const before = Object.hasOwn(object, name) ? object[name] : undefined;
      if (name === FORBIDDEN_NAME) found.fault(key, `the name ${FORBIDDEN_NAME} is not allowed`);
      else if (before === undefined || isNothingBeside(before, value)) object[name] = value;
      else found.fault(key, `the name ${name.slice(0, 100)} stands twice in one object, with two values: leave one`);
      if (before !== undefined) found.repeated.add(name.slice(0, 100));
    }
    return object;
  }
  const value = node.value as null | boolean | number | string;
  if (typeof value === "number" && !Number.isFinite(value)) found.fault(node, "is a number too large");
  return typeof value === "string" ? withLineBreaks(value) : value;
}

/** People leave a first `"defaultValue": ""` where a second one has the value. */
function isNothingBeside(before: Json, value: Json): boolean {
  return before === null || before === "" || before === value;
}

function withLineBreaks(text: string): string {
  return text.replaceAll(CARRIAGE_RETURN + LINE_FEED, "\n").replaceAll(/[\uFDD0\uFDD1]/g, "\n");
}

function nearest(root: Node, path: JsonPath): Node {
  let node = root;
  for (const step of path) {
    const child =
      typeof step === "number"
        ? node.type === "array"
          ? node.children?.[step]
          : undefined
        : node.type === "object"
          ? node.children?.findLast(({ children: [key] = [] }) => key?.value === step)?.children?.[1]
          : undefined;
    if (!child) return node;
    node = child;
  }
  return node;
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
