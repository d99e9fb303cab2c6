import { z } from "zod";
import { SHORTHANDS } from "./fields.ts";
import { Recipe } from "./schema.ts";

/** As much of JSON Schema as comes of a recipe's. */
export interface JsonSchema {
  type?: string;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Of what a person writes: fields with a default may be left out. Draft 7 is what editors of YAML know. */
export function recipeSchema(): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(Recipe, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => leaveOutType(jsonSchema as JsonSchema),
  });
  return { $schema, title: "Recipe of Goldsmith", ...rest } as JsonSchema;
}

/** Editors know nothing of what is put in before a recipe is checked. */
function leaveOutType(schema: JsonSchema): void {
  const { const: type } = schema.properties?.["type"] ?? {};
  if (!schema.required || !Object.values(SHORTHANDS).some((one) => one === type)) return;
  schema.required = schema.required.filter((field) => field !== "type");
}
