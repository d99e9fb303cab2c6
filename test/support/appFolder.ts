import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { APP_FOLDER } from "../../local/stack/functionsHost.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";

/** Writes the service as it is deployed, with another catalogue. @param change made to its bundled code. */
export function writeApp(
  folder: string,
  recipes: Iterable<Recipe>,
  change: (code: string) => string = (code) => code,
): void {
  for (const part of ["dist", "images"]) mkdirSync(join(folder, part), { recursive: true });
  for (const file of ["host.json", "package.json"]) copyFileSync(join(APP_FOLDER, file), join(folder, file));
  const bundle = join("dist", "main.js");
  writeFileSync(join(folder, bundle), change(readFileSync(join(APP_FOLDER, bundle), "utf8")));
  // All JSON is YAML.
  for (const recipe of recipes) writeFileSync(join(folder, "images", `${recipe.name}.yaml`), JSON.stringify(recipe));
}
