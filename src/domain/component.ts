import type * as z from "zod";

/** Schemas that docs/openapi.json tells once, by their names, wherever they stand. */
export const components = new Map<string, z.ZodType>();

/** @param id unique; in upper camel case, as the name of a type would be. */
export function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  if (components.has(id)) throw new Error(`There are two components called ${id}.`);
  components.set(id, schema);
  return schema;
}
