import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { recipeSchema } from "../../../../src/domain/recipes/recipeSchema.ts";
import { pathsIn } from "../../../support/schemaPaths.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "..", "docs", "recipes.md"), "utf8");

/** What the tables of a page tell of, in the words of `pathsIn`. */
function pathsOn(text: string): Set<string> {
  const paths = new Set<string>();
  let [section, kind] = ["", ""];
  for (const line of text.split("\n")) {
    const heading = /^#### `(\w+)`/.exec(line)?.[1];
    if (heading) [section, kind] = [`.${heading}`, ""];
    kind = /^`\w+: (\w+)`:/.exec(line)?.[1] ?? kind;
    const field = /^\| `([\w.[\]]+)` /.exec(line)?.[1]?.replaceAll("[]", "");
    if (field) paths.add(`${section}${kind && `<${kind}>`}.${field}`);
  }
  return paths;
}

/** Validators are told of as customizers, and what is of several kinds within another thing in one table. */
function toldAs(path: string): string {
  return path.replace(/^\.validate\.inVMValidations(?=<)/, ".customize").replace(/(?<=\..*\..*)<\w+>/g, "");
}

it("the tables of docs/recipes.md have every field that a recipe takes", () => {
  const told = pathsOn(page.slice(page.indexOf("## Every field")));
  const fields = [...new Set(pathsIn(recipeSchema()).map(toldAs))].filter((path) => !path.endsWith(">"));
  expect(fields.length).toBeGreaterThan(100);
  expect(fields.filter((path) => !told.has(path))).toEqual([]);
});
