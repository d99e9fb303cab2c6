import { KEY_MARK } from "../privateKeys.ts";
import { SECRET_SHAPES } from "../secretShapes.ts";

/** What shells, PowerShell and templates put a value in place of, and what stands for one in a document. */
const REFERENCE = /\$[\w({]|`[^`]+`|%\w+%|\{\{|^["']?(?:[<(@])/;
/** A shorter one is a word of its own: `token: no`. */
const SHORTEST = 4;

/** Secrets that stand in a value as they are, with the way to each; what only names where one comes from is none. */
export function plainSecretsIn(value: unknown): { path: PropertyKey[]; secret: string }[] {
  const texts = [...textsIn(value)];
  // Mostly there is none: to look once is much faster than text by text.
  if (secretIn(texts.map(({ text }) => text).join("\n")) === undefined) return [];
  return texts.flatMap(({ path, text }) => {
    const secret = secretIn(text);
    return secret === undefined ? [] : [{ path, secret }];
  });
}

function secretIn(text: string): string | undefined {
  const [key] = text.match(KEY_MARK) ?? [];
  if (key) return key;
  for (const [pattern] of SECRET_SHAPES) {
    for (const [whole, before = ""] of text.matchAll(pattern)) {
      const secret = whole.slice(before.length);
      if (isPlain(secret)) return secret;
    }
  }
  return undefined;
}

function isPlain(secret: string): boolean {
  const bare = secret.replace(/[\s"'\\`,;(){}[\]]/g, "");
  // In single quotes nothing is put in place of anything.
  return bare.length >= SHORTEST && (secret.startsWith("'") || !REFERENCE.test(secret));
}

/** Every text in a value, with the way to it. */
function* textsIn(value: unknown, path: PropertyKey[] = []): Generator<{ path: PropertyKey[]; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* textsIn(one, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) yield* textsIn(one, [...path, name]);
  }
}
