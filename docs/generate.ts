/** Writes docs/preflight.md from the rules, the tables of docs/permissions.md from infra/, docs/openapi.json from the doors, and of recipes their JSON Schema and the reference of fields: `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { type DoorParts, doorsOf } from "../src/doors.ts";
import { preflightDocument } from "../src/domain/preflight/document.ts";
import { withFieldReference } from "../src/domain/recipes/fieldReference.ts";
import { overlaySchema, recipeSchema } from "../src/domain/recipes/recipeSchema.ts";
import { openApi } from "../src/http/openApi.ts";
import { withPermissionTables } from "./permissionTables.ts";

const markdown = (text: string) => format(text, { parser: "markdown", printWidth: 120 });
const schema = recipeSchema();
const recipes = join(import.meta.dirname, "recipes.md");

writeFileSync(join(import.meta.dirname, "preflight.md"), await markdown(preflightDocument()));
writeFileSync(recipes, await markdown(withFieldReference(readFileSync(recipes, "utf8"), schema)));
const permissions = join(import.meta.dirname, "permissions.md");
writeFileSync(permissions, await markdown(withPermissionTables(readFileSync(permissions, "utf8"))));
const images = join(import.meta.dirname, "..", "images");
const json = (value: unknown) => format(JSON.stringify(value), { parser: "json", printWidth: 120 });
writeFileSync(join(images, "recipe.schema.json"), await json(schema));
// What describes the doors asks nothing of what is behind them.
const doors = doorsOf({} as DoorParts);
writeFileSync(join(import.meta.dirname, "openapi.json"), await json(openApi(doors)));
writeFileSync(join(images, "overlay.schema.json"), await json(overlaySchema()));
