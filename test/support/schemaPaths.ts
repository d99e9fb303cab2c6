import { SHORTHANDS } from "../../src/domain/recipes/fields.ts";
import type { JsonSchema } from "../../src/domain/recipes/recipeSchema.ts";

/** Every field that a schema has, each kind of a thing apart: `customize<Shell>.inline`. Lists add nothing to a path. */
export function pathsIn(schema: JsonSchema, at = ""): string[] {
  const { oneOf = [], anyOf = [], items, additionalProperties: values, properties } = schema;
  const kinds = [...oneOf, ...anyOf];
  if (kinds.length > 0) return [...new Set(kinds.flatMap((kind) => pathsIn(kind, at)))];
  if (items) return pathsIn(items, at);
  if (!properties) return typeof values === "object" ? pathsIn(values, at) : [];
  const [, kind] = Object.entries(properties).find(([, one]) => typeof one.const === "string") ?? [];
  const base = kind ? `${at}<${String(kind.const)}>` : at;
  const fields = Object.entries(properties).filter(([, one]) => one !== kind);
  return [
    ...(kind ? [base] : []),
    ...fields.flatMap(([name, one]) => [`${base}.${name}`, ...pathsIn(one, `${base}.${name}`)]),
  ];
}

/** The fields that something written sets, in the same words. */
export function pathsSet(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsSet(one, at));
  if (typeof value !== "object" || value === null) return [];
  const kind = kindOf(value);
  const base = kind ? `${at}<${kind}>` : at;
  return [
    ...(kind ? [base] : []),
    ...Object.entries(value).flatMap(([name, one]) => [
      `${base}.${name}`,
      // Those have names of the recipe's own.
      ...pathsSet(name === "parameters" || name === "secrets" ? Object.values(one as object) : one, `${base}.${name}`),
    ]),
  ];
}

/** Some kinds may be written without their type. */
function kindOf(value: object): string | undefined {
  if ("type" in value) return String(value.type);
  if ("scheme" in value) return String(value.scheme);
  const [, type] = Object.entries(SHORTHANDS).find(([field]) => field in value) ?? [];
  return type;
}
