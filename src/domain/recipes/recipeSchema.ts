import * as z from "zod";
import { SHORTHANDS } from "./fields.ts";
import { Recipe } from "./schema.ts";
import { TemplateRecipe } from "./templateRecipe.ts";

/** As much of JSON Schema as comes of a recipe's. */
export interface JsonSchema {
  title?: string;
  type?: string;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

export interface RecipeSchema extends JsonSchema {
  $schema: string;
  anyOf: [written: JsonSchema, ofTemplate: JsonSchema];
}

/** Of what a person writes: fields with a default may be left out. Draft 7 is what editors of YAML know. */
export function recipeSchema(): RecipeSchema {
  const anyOf: RecipeSchema["anyOf"] = [schemaOf(Recipe), schemaOf(TemplateRecipe)];
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "Recipe of Goldsmith", anyOf };
}

/**
 * Of what changes a recipe: any of its fields, and `null` where one is taken away. What stands in a list is whole, as
 * lists are replaced.
 */
export function overlaySchema(): JsonSchema & { $schema: string } {
  const { $schema, anyOf } = recipeSchema();
  return { $schema, title: "Overlay of a recipe of Goldsmith", anyOf: anyOf.map(changed) };
}

/** An object of several kinds is `anyOf` now: a change of it need not tell which of them is meant. */
function changed({ required: _, default: __, oneOf, ...schema }: JsonSchema): JsonSchema {
  const kinds = schema.anyOf ?? oneOf;
  const { properties } = schema;
  const changes = Object.entries(properties ?? {}).map(([name, one]) => [name, orNull(changed(one))] as const);
  return {
    ...schema,
    ...(kinds ? { anyOf: kinds.map(changed) } : {}),
    ...(properties ? { properties: Object.fromEntries(changes) } : {}),
    ...(typeof schema.additionalProperties === "object"
      ? { additionalProperties: orNull(changed(schema.additionalProperties)) }
      : {}),
  };
}

/** With its description outside, where editors look for it. */
function orNull({ description, examples, ...schema }: JsonSchema): JsonSchema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(examples === undefined ? {} : { examples }),
    anyOf: [schema, { type: "null" }],
  };
}

/** Of what a schema takes, and so of what it has made of it as well: all of that is taken again. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => leaveOutType(jsonSchema as JsonSchema),
  });
  return rest as JsonSchema;
}

/** Editors know nothing of what is put in before a recipe is checked. */
function leaveOutType(schema: JsonSchema): void {
  const { const: type } = schema.properties?.["type"] ?? {};
  if (!schema.required || !Object.values(SHORTHANDS).some((one) => one === type)) return;
  schema.required = schema.required.filter((field) => field !== "type");
}
