/**
 * JSON text as the extension writes it. It differs from `JSON.stringify` in the exponents of numbers, in line
 * separators, which it escapes, and in halves of surrogate pairs, which do not survive UTF-8.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  if (!MAY_DIFFER.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.]*e[+-]\d+/g, (token) =>
    token.startsWith('"') ? stringText(token) : token.toUpperCase(),
  );
}

/** Most texts hold none of it; a GUID may have an `e-` of its own. */
const MAY_DIFFER = /[\u0085\u2028\u2029]|\\u[dD]|(?:^|[[:,])-?\d[\d.]*e[+-]/;

const stringText = (token: string) =>
  token
    .replace(/\\(u[dD][89a-fA-F][0-9a-f]{2}|.)/g, (whole, escape: string) => (escape.length > 1 ? "\ufffd" : whole))
    .replace(/[\u0085\u2028\u2029]/g, (separator) => `\\u${separator.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The text of a value that may be missing; null stays null. */
export const jsonTextOrNull = (value: unknown): string | null =>
  value === undefined || value === null ? null : jsonText(value);
