import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { APP_FOLDER } from "../../local/stack/functionsHost.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";

/** Writes the service as it is deployed, with another catalogue. @param change made to its bundled code, but for what is loaded later. */
export function writeApp(
  folder: string,
  recipes: Iterable<Recipe>,
  change: (code: string) => string = (code) => code,
): void {
  for (const part of ["dist", "images"]) mkdirSync(join(folder, part), { recursive: true });
  for (const file of ["host.json", "package.json"]) copyFileSync(join(APP_FOLDER, file), join(folder, file));
  for (const part of globSync(join("dist", "{main,part-*}.js"), { cwd: APP_FOLDER })) {
    const code = readFileSync(join(APP_FOLDER, part), "utf8");
    writeFileSync(join(folder, part), part.endsWith("main.js") ? change(code) : code);
  }
  // All JSON is YAML.
  for (const recipe of recipes) writeFileSync(join(folder, "images", `${recipe.name}.yaml`), JSON.stringify(recipe));
}
