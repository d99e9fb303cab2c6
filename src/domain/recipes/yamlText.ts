import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { yamlWords } from "./yamlWords.ts";

/** Something that makes a text no YAML that we take. */
export interface Misread {
  offset: number;
  path: PropertyKey[];
  message: string;
}

type Found = Omit<Misread, "path"> & Partial<Misread>;

export interface YamlText {
  /** Undefined where there is anything in `misread`. */
  value: unknown;
  misread: Misread[];
  /** The offset of what a path leads to, or of the nearest thing above it that is there. */
  offsetOf(path: readonly PropertyKey[]): number;
  /** The same of the name that the path ends with. */
  offsetOfKey(path: readonly PropertyKey[]): number;
  /** Where the text of a value may be found: an offset, and the one behind it. */
  rangeOf(path: readonly PropertyKey[]): [from: number, to: number];
  /** Both from 1. */
  placeOf(offset: number): { line: number; column: number };
}

/** What hides or reorders text for whoever reads it, or ends a line for some readers only. */
const HIDING = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Names that stand twice are looked for here: the parser compares each with each. */
const STRICT = { stringKeys: true, uniqueKeys: false, prettyErrors: false };

/** More than a person mends before they look again. */
export const MOST_FAULTS = 20;

/** Reads YAML 1.2 as people write it; whatever else YAML can do is misread. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const hiding = HIDING.exec(text);
  if (hiding) {
    parseDocument(text.slice(0, hiding.index), { lineCounter: lines });
    const code = hiding[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    const message = `holds a character that cannot be seen, U+${code}`;
    return unread([{ offset: hiding.index, path: [], message }], placeOf);
  }
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", ...STRICT });
  const errors = [...document.errors, ...document.warnings].map((error): Misread => ({
    offset: error.pos[0],
    path: pathOf(document.contents, error),
    message: yamlWords(error, text),
  }));
  const found = errors.length > 0 ? errors : [...unfitNames(document), ...unfitAliases(document)];
  const misread = firstOfLines(found, placeOf).map(
    ({ offset, message, path = pathTo(document.contents, offset) }): Misread => ({ offset, path, message }),
  );
  const { yaml } = document.directives;
  if (yaml.explicit && yaml.version !== "1.2") {
    misread.push({ offset: 0, path: [], message: `is of YAML ${yaml.version}; a recipe is of YAML 1.2` });
  }
  if (misread.length > 0) return unread(misread, placeOf);
  try {
    return { value: document.toJS(), misread, placeOf, ...places(document) };
  } catch {
    // Aliases of aliases: a short text that stands for a very long one.
    const offset = firstAlias(document);
    return unread([{ offset, path: pathTo(document.contents, offset), message: TOO_MANY }], placeOf);
  }
}

function unread(misread: Misread[], placeOf: YamlText["placeOf"]): YamlText {
  return { value: undefined, misread, placeOf, offsetOf: () => 0, offsetOfKey: () => 0, rangeOf: () => [0, 0] };
}

function places(document: Document.Parsed): Pick<YamlText, "offsetOf" | "offsetOfKey" | "rangeOf"> {
  function nodeAt(path: readonly PropertyKey[]): Node | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node;
    }
    return undefined;
  }
  const offsetOf = (path: readonly PropertyKey[]) => nodeAt(path)?.range?.[0] ?? 0;
  return {
    offsetOf,
    offsetOfKey(path) {
      const above = document.getIn(path.slice(0, -1), true);
      const pair = isMap(above) ? above.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
      return (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? offsetOf(path);
    },
    rangeOf(path) {
      const [from = 0, to = 0] = nodeAt(path)?.range ?? [];
      return [from, to];
    },
  };
}

/** What goes wrong in a line after its first fault mostly comes of that. */
function firstOfLines<One extends { offset: number }>(found: readonly One[], placeOf: YamlText["placeOf"]): One[] {
  const lines = new Map<number, One>();
  for (const one of found) {
    const { line } = placeOf(one.offset);
    if (!lines.has(line)) lines.set(line, one);
    if (lines.size >= MOST_FAULTS) break;
  }
  return [...lines.values()];
}

function unfitNames(document: Document.Parsed): Found[] {
  const unfit: Found[] = [];
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const offset = key.range?.[0] ?? 0;
        if (names.has(key.value)) unfit.push({ offset, message: "stands there twice" });
        // It would be passed over without a word.
        if (key.value === "__proto__") unfit.push({ offset, message: "is a name that nothing can have" });
        names.add(key.value);
      }
    },
  });
  return unfit;
}

const TOO_MANY = "has aliases that stand for more than a recipe can hold";
const UNKNOWN = "begins with *, and so stands for something that nothing before it is named as: put text into quotes";

/** Aliases for something that they stand in, and for nothing. */
function unfitAliases(document: Document.Parsed): Found[] {
  const unfit: Found[] = [];
  visit(document, {
    Alias(_, node, above) {
      const meant = node.resolve(document);
      const offset = node.range?.[0] ?? 0;
      if (meant === undefined) unfit.push({ offset, message: UNKNOWN });
      else if (above.some((one) => one === meant)) unfit.push({ offset, message: TOO_MANY });
    },
  });
  return unfit;
}

/** The way to what a person would name: what is no name, or becomes one by a slip, is not told as one. */
function pathOf(contents: unknown, { code, message, pos: [offset] }: YAMLError): PropertyKey[] {
  if (/^Implicit (map )?keys/.test(message)) return pathTo(contents, offset).slice(0, -1);
  const isWithin = code === "BLOCK_AS_IMPLICIT_KEY" || code === "BLOCK_IN_FLOW";
  return pathTo(contents, isWithin ? offset - 1 : offset);
}

/** The way to the last field, or item of a list, that begins at an offset or before it. */
function pathTo(contents: unknown, offset: number, above: PropertyKey[] = []): PropertyKey[] {
  let path = above;
  const enter = (part: PropertyKey, begin: number | undefined, value: unknown) => {
    if (begin === undefined || begin > offset) return;
    path = pathTo(value, offset, [...above, part]);
  };
  if (isMap(contents)) {
    for (const { key, value } of contents.items) {
      if (isScalar(key)) enter(String(key.value), key.range?.[0], value);
    }
  }
  if (isSeq(contents)) {
    for (const [index, item] of contents.items.entries())
      enter(index, isNode(item) ? item.range?.[0] : undefined, item);
  }
  return path;
}

function firstAlias(document: Document.Parsed): number {
  let offset = 0;
  visit(document, {
    Alias(_, node) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}
