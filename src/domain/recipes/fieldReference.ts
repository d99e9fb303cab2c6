import type { JsonSchema, RecipeSchema } from "./recipeSchema.ts";

/** Tables of every field of a recipe, in Markdown: what it takes, and what it means. */
export function fieldReference({ anyOf: [written, ofTemplate] }: RecipeSchema): string {
  const fields = Object.entries(written.properties ?? {});
  const sections = fields.filter(([, schema]) => isLarge(schema)).map(([name, schema]) => section(name, schema));
  return [
    table(rowsOf(written, "", isLarge)),
    "A recipe of an existing template has these instead:\n",
    table(rowsOf(ofTemplate, "", isLarge)),
    ...sections,
  ].join("\n");
}

/** Whether a field has more to it than a row says. */
function isLarge(schema: JsonSchema): boolean {
  return optionsOf(schema).length > 1 || objectIn(schema) !== undefined;
}

function section(name: string, schema: JsonSchema): string {
  const options = optionsOf(schema);
  const heading = `#### \`${name}\`\n\n${schema.description ?? ""}${schema.type === "array" ? " A list." : valuesIn(schema) ? " By name." : ""}\n`;
  if (options.length === 0) return [heading, table(rowsOf(objectIn(schema) ?? {}))].join("\n");
  return [
    heading,
    ...options.map((one) => [`${typeOf(one)}: ${one.description ?? ""}\n`, table(rowsOf(one))].join("\n")),
  ].join("\n");
}

/** `type: Shell`, of one of several kinds. */
function typeOf({ properties = {} }: JsonSchema): string {
  const [name = "", schema] = Object.entries(properties).find(([, one]) => tellsKind(one)) ?? [];
  return `\`${name}: ${String(schema?.const)}\``;
}

/** Kinds have names; a constant that is none is a field like any other. */
function tellsKind(schema: JsonSchema): boolean {
  return typeof schema.const === "string";
}

type Row = [field: string, takes: string, means: string];

function rowsOf(schema: JsonSchema, prefix = "", isApart = (_: JsonSchema) => false): Row[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]): Row[] => {
    // What tells the kinds apart stands above the table.
    if (tellsKind(one)) return [];
    const field = `${prefix}${name}`;
    const row: Row = [`\`${field}\``, takesOf(one, required.has(name)), meansOf(one)];
    if (isApart(one))
      return [[row[0], `see [below](#${name.toLowerCase()})${required.has(name) ? ", required" : ""}`, row[2]]];
    const inside = objectIn(one);
    const kinds = optionsOf(one);
    // Steps of a list within have the fields that they have elsewhere.
    const children = inside ? [inside] : one.type === "array" ? [] : kinds;
    const dot = one.type === "array" ? "[]." : ".";
    return [row, ...children.flatMap((child) => rowsOf(child, `${field}${dot}`))];
  });
}

function takesOf(schema: JsonSchema, isRequired: boolean): string {
  const kinds = optionsOf(schema).map(typeOf);
  const steps = `a list of ${kinds.join(", ")}, as above`;
  const kind = kinds.length === 0 ? kindOf(schema) : schema.type === "array" ? steps : kinds.join(" or ");
  if (isRequired) return `${kind}, required`;
  const { default: fallback } = schema;
  // Lists and tables that are empty unless told need no word.
  const isShown = fallback !== undefined && typeof fallback !== "object";
  return isShown ? `${kind}; \`${JSON.stringify(fallback).replaceAll('"', "")}\` unless told` : kind;
}

function kindOf({ type, const: only, enum: words, items, properties, additionalProperties }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (words) return words.map((one) => `\`${String(one)}\``).join(", ");
  if (type === "array")
    return items?.properties ? "a list" : `a list of ${items?.type === "integer" ? "whole numbers" : "texts"}`;
  if (properties) return "fields";
  if (typeof additionalProperties === "object" && !additionalProperties.type) return "names with values";
  const names: Record<string, string> = {
    string: "text",
    integer: "a whole number",
    boolean: "true or false",
    object: "names with texts",
  };
  return names[type ?? ""] ?? "text";
}

function meansOf({ description = "", examples = [] }: JsonSchema): string {
  const shown = examples.map((one) => `\`${typeof one === "string" ? one : JSON.stringify(one)}\``).join(", ");
  const text = [description, shown && `For example ${shown}.`].filter(Boolean).join(" ");
  return text.replaceAll("|", "\\|");
}

/** The kinds of a field that takes one of several; of a list, those of its items. */
function optionsOf(schema: JsonSchema): JsonSchema[] {
  if (schema.oneOf) return schema.oneOf;
  if (schema.anyOf)
    return schema.anyOf
      .flatMap(optionsOf)
      .filter((one, at, all) => all.findIndex((other) => typeOf(other) === typeOf(one)) === at);
  const item = schema.items ?? valuesIn(schema);
  return item ? optionsOf(item) : [];
}

/** The fields that an object has, or each item of a list, or each of things by name; of what may also be `true`, those that stand for it. */
function objectIn(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties) return schema;
  const instead = schema.anyOf?.find(({ properties }) => properties);
  if (instead) return instead;
  const item = schema.items ?? valuesIn(schema);
  return item?.properties ? item : undefined;
}

/** What each of things by name is. */
function valuesIn({ additionalProperties: values }: JsonSchema): JsonSchema | undefined {
  return typeof values === "object" ? values : undefined;
}

function table(rows: Row[]): string {
  return ["| Field | Takes | Means |", "| --- | --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`), ""].join(
    "\n",
  );
}

const BEGIN = "<!-- Generated from src/domain/recipes by `npm run docs`. Change the schema, not what follows. -->";

/** A page with the reference at its end written anew. */
export function withFieldReference(page: string, recipe: RecipeSchema): string {
  const [before = ""] = page.split(BEGIN);
  return `${before.trimEnd()}\n\n${BEGIN}\n\n${fieldReference(recipe)}`;
}
