import { KEY_MARK } from "../privateKeys.ts";
import { SECRET_SHAPES } from "../secretShapes.ts";
import { isPlainSecret, ROUND } from "./secretReference.ts";

const AROUND = new RegExp(ROUND);

/** Of base 64, of which commands write their lines of 76. */
const BASE64 = /(?:[A-Za-z0-9+/]{40,}\r?\n[ \t]{0,64})*[A-Za-z0-9+/]{16,}={0,2}/g;
/** The end of a line that goes on in the next one, for shells and PowerShell. */
const CONTINUED = /[\\`]\r?\n[ \t]*/g;
const WHOLE_BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** No text has it. */
const BINARY = /[^\P{Cc}\t\n\f\r\u0080-\u009f]/u;

/**
 * Secrets that stand in a value as they are, or as base 64, with the way to each; what only names where one comes from
 * is none.
 *
 * @param notSecret texts that look like a secret, with the name before it, and are none.
 */
export function plainSecretsIn(
  value: unknown,
  notSecret: readonly string[] = [],
): { path: PropertyKey[]; secret: string }[] {
  const texts = [...textsIn(value)];
  // Mostly there is none: to look once is much faster than text by text.
  if (secretIn(texts.map(({ text }) => text).join("\n"), notSecret) === undefined) return [];
  const found = texts.flatMap(({ path, text }) => {
    const secret = secretIn(text, notSecret);
    return secret === undefined ? [] : [{ path, secret }];
  });
  return [...new Map(found.map((one) => [JSON.stringify(one.path), one])).values()];
}

function secretIn(text: string, notSecret: readonly string[]): string | undefined {
  const isTold = (secret: string, at: number) => notSecret.some((told) => covers(told, text, secret, at));
  for (const { 0: key, index } of text.matchAll(KEY_MARK)) {
    if (!isTold(key, index)) return key;
  }
  for (const [pattern] of SECRET_SHAPES) {
    for (const { 0: whole, 1: before = "", index } of text.matchAll(pattern)) {
      const secret = whole.slice(before.length);
      const at = index + before.length;
      // By itself, that text is judged and not its base 64.
      if (before === "" && WHOLE_BASE64.test(secret) && textIn(Buffer.from(secret, "base64")) !== undefined) continue;
      if (isPlainSecret(secret, text.slice(Math.max(0, at - 200), at)) && !isTold(secret, at)) return secret;
    }
  }
  return undefined;
}

/** Whether a secret in a text is a part of what is told to be none; one that goes on after it is another. */
function covers(told: string, text: string, secret: string, at: number): boolean {
  let [start, end] = [0, secret.length];
  while (start < end && AROUND.test(secret.charAt(start))) start++;
  while (end > start && AROUND.test(secret.charAt(end - 1))) end--;
  const bare = secret.slice(start, end);
  const from = at + start;
  for (let begin = text.indexOf(told); begin >= 0; begin = text.indexOf(told, begin + 1)) {
    if (begin <= from && from + bare.length <= begin + told.length) return true;
  }
  return false;
}

/** Every text in a value, with the way to it: with its name before it, and what it holds as base 64, as well. */
function* textsIn(value: unknown, path: PropertyKey[] = []): Generator<{ path: PropertyKey[]; text: string }> {
  if (typeof value === "string") {
    yield { path, text: value };
    const inOneLine = value.replaceAll(CONTINUED, "");
    if (inOneLine !== value) yield { path, text: inOneLine };
    for (const text of decodedIn(value)) yield { path, text };
    const name = path.at(-1);
    if (typeof name === "string") yield { path, text: `${name}=${value}` };
  }
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* textsIn(one, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) yield* textsIn(one, [...path, name]);
  }
}

function* decodedIn(text: string): Generator<string> {
  for (const [encoded] of text.matchAll(BASE64)) {
    const decoded = textIn(Buffer.from(encoded, "base64"));
    if (decoded !== undefined) yield decoded;
  }
}

/**
 * Bytes as text, as far as what a secret looks like goes, which is the same in Latin-1 and UTF-8; PowerShell has commands
 * in UTF-16. Undefined where they are none.
 */
export function textIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString(bytes[1] === 0 ? "utf16le" : "latin1");
  return BINARY.test(text) ? undefined : text;
}
