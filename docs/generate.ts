/** Writes docs/preflight.md from the rules, and of recipes their JSON Schema and the reference of fields: `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { preflightDocument } from "../src/domain/preflight/document.ts";
import { withFieldReference } from "../src/domain/recipes/fieldReference.ts";
import { imagesSchema } from "../src/domain/recipes/imagesSchema.ts";
import { overlaySchema, recipeSchema } from "../src/domain/recipes/recipeSchema.ts";

const markdown = (text: string) => format(text, { parser: "markdown", printWidth: 120 });
const schema = recipeSchema();
const recipes = join(import.meta.dirname, "recipes.md");

writeFileSync(join(import.meta.dirname, "preflight.md"), await markdown(preflightDocument()));
writeFileSync(recipes, await markdown(withFieldReference(readFileSync(recipes, "utf8"), schema)));
const images = join(import.meta.dirname, "..", "images");
const json = (value: unknown) => format(JSON.stringify(value), { parser: "json", printWidth: 120 });
writeFileSync(join(images, "recipe.schema.json"), await json(schema));
writeFileSync(join(import.meta.dirname, "images.schema.json"), await json(imagesSchema()));
writeFileSync(join(images, "overlay.schema.json"), await json(overlaySchema()));
