import { type Json, FORBIDDEN_NAME, isJsonObject } from "../json.ts";
import { type Arguments, type PlainFunction, printed } from "./arguments.ts";
import { guid, uniqueString } from "./hashes.ts";
import { TemplateFault } from "./templateFault.ts";

const utf8 = new TextEncoder();

export const textFunctions: Record<string, PlainFunction> = {
  base64: (args) => args.budget.text(base64(args.expect(1).text(0))),
  base64ToString: (args) => args.budget.text(fromBase64(args.expect(1).text(0))),
  base64ToJson: (args) => jsonOf(args.budget.text(fromBase64(args.expect(1).text(0)))),
  dataUri: (args) => args.budget.text(`data:text/plain;charset=utf8;base64,${base64(args.expect(1).text(0))}`),
  endsWith: (args) => args.expect(2).text(0).toLowerCase().endsWith(args.text(1).toLowerCase()),
  format: (args) => {
    const items = args.expect(1, Infinity).values.slice(1);
    const text = args
      .text(0)
      .replace(/\{\{|\}\}|\{(\d{1,3})(?::([^{}]*))?\}|[{}]/g, (match, index?: string, spec?: string) => {
        if (match === "{{" || match === "}}") return match[0] ?? "";
        const item = index === undefined ? undefined : items[Number(index)];
        if (item === undefined) throw new TemplateFault(`format has ${match} in its text, and ${items.length} values`);
        return spec === undefined ? printed(item, args.budget) : formatted(item, spec);
      });
    return args.budget.text(text);
  },
  guid: (args) => guid(args.expect(1, Infinity).values.map((_, index) => args.printed(index))),
  join: (args) => {
    const parts = args
      .expect(2)
      .array(0)
      .map((part) => printed(part, args.budget));
    return args.budget.join(parts, args.text(1));
  },
  json: (args) => {
    const value = args.expect(1).at(0);
    return typeof value === "string" ? jsonOf(value) : args.wrong(0, "a string");
  },
  padLeft: (args) => {
    const length = args.expect(2, 3).integer(1);
    if (length > 10_000) throw new TemplateFault("padLeft takes at most 10000 characters");
    const filler = args.count > 2 ? args.text(2) : " ";
    if (filler.length !== 1) throw new TemplateFault("padLeft fills with one character");
    return args.budget.text(args.printed(0).padStart(length, filler));
  },
  replace: (args) => {
    const [text, old, fresh] = [args.expect(3).text(0), args.text(1), args.text(2)];
    if (old === "") throw new TemplateFault("replace takes a text to replace that is not empty");
    return args.budget.join(text.split(old), fresh);
  },
  split: (args) => {
    const by = args.expect(2).at(1);
    const delimiters = (Array.isArray(by) ? by : [by]).map((one) =>
      typeof one === "string" && one !== "" ? one : args.wrong(1, "a string that is not empty, or an array of them"),
    );
    const parts = delimiters.reduce((texts, one) => texts.flatMap((text) => text.split(one)), [args.text(0)]);
    args.budget.spend(parts.length);
    return parts;
  },
  startsWith: (args) => args.expect(2).text(0).toLowerCase().startsWith(args.text(1).toLowerCase()),
  string: (args) => args.budget.text(printed(args.expect(1).at(0), args.budget)),
  substring: (args) => {
    const [text, start] = [args.expect(2, 3).text(0), args.integer(1)];
    const length = args.count > 2 ? args.integer(2) : text.length - start;
    if (start < 0 || length < 0 || start + length > text.length) {
      throw new TemplateFault(`substring reaches beyond its text of ${text.length} characters`);
    }
    return text.slice(start, start + length);
  },
  toLower: (args) => args.budget.text(args.expect(1).text(0).toLowerCase()),
  toUpper: (args) => args.budget.text(args.expect(1).text(0).toUpperCase()),
  trim: (args) => args.budget.text(args.expect(1).text(0).trim()),
  uniqueString: (args) => uniqueString(args.expect(1, Infinity).values.map((_, index) => args.text(index))),
  uri: (args) => {
    const base = args.expect(2).text(0);
    if (!URL.canParse(args.text(1), base)) throw new TemplateFault("uri takes the address of something and a path");
    return args.budget.text(new URL(args.text(1), base).href);
  },
  uriComponent: (args) => recoded(args, encodeURIComponent),
  uriComponentToString: (args) => recoded(args, decodeURIComponent),
};

/** Half a character, or a percent sign without its digits, is neither encoded nor decoded. */
function recoded(args: Arguments, work: (text: string) => string): string {
  const text = args.expect(1).text(0);
  let result: string;
  try {
    result = work(text);
  } catch {
    return args.wrong(0, "a well-formed text");
  }
  return args.budget.text(result);
}

function base64(text: string): string {
  return btoa(Array.from(utf8.encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): string {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    throw new TemplateFault("has a text that is not base64");
  }
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

function jsonOf(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TemplateFault("has a text that is not JSON");
  }
  return checked(value as Json, 0);
}

/** JSON.parse makes an own property of any name, and nests as deeply as the text does. */
function checked(value: Json, depth: number): Json {
  if (depth > 100) throw new TemplateFault("has a text of JSON that is nested too deeply");
  if (Array.isArray(value)) return value.map((item) => checked(item, depth + 1));
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, FORBIDDEN_NAME)) throw new TemplateFault(`has the name ${FORBIDDEN_NAME} in a text of JSON`);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, checked(item, depth + 1)]));
}

/** The formats of .NET that templates use: `{0:D2}` and `{0:X}`. */
function formatted(item: Json, spec: string): string {
  const match = /^([dxX])(\d{0,2})$/i.exec(spec);
  if (!match || typeof item !== "number" || !Number.isSafeInteger(item)) {
    throw new TemplateFault(`format has ${spec.slice(0, 20)}, of which only D and X for integers are understood`);
  }
  const [, letter = "", width = ""] = match;
  const digits = /d/i.test(letter) ? String(Math.abs(item)) : (item < 0 ? item + 2 ** 32 : item).toString(16);
  const padded = (letter === "X" ? digits.toUpperCase() : digits).padStart(Number(width), "0");
  return item < 0 && /d/i.test(letter) ? `-${padded}` : padded;
}
