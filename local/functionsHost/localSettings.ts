import { readFileSync } from "node:fs";
import { type ParseError, parse } from "jsonc-parser";

/** The `Values` of a local.settings.json, which may have comments. Throws on what Core Tools refuse too. */
export function readLocalSettings(file: string): Record<string, string> {
  const errors: ParseError[] = [];
  const settings = parse(readFileSync(file, "utf8"), errors, { allowTrailingComma: true }) as
    { IsEncrypted?: boolean; Values?: Record<string, unknown> } | undefined;
  if (errors.length > 0 || !settings) throw new Error(`${file} is no valid JSON.`);
  if (settings.IsEncrypted) throw new Error(`${file} is encrypted, which only Core Tools can read.`);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings.Values ?? {})) {
    if (typeof value !== "string") throw new Error(`${file}: the value of ${name} must be a text.`);
    values[name] = value;
  }
  return values;
}
