import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { Recipe } from "../../src/domain/recipes/schema.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { FIRST_ANSWERS, FIRST_RECIPE } from "../support/firstRecipe.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-first-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  writeFileSync(join(folder, `${FIRST_RECIPE.name}.yaml`), text);
  return readCatalogue(folder, {});
}

describe("the first recipe of docs/recipes.md", () => {
  it("can be built as it is written", () => {
    const { recipes, broken } = read(FIRST_RECIPE.text);
    expect([...broken]).toEqual([]);
    expect(recipes.get(FIRST_RECIPE.name)).toEqual(Recipe.parse(parse(FIRST_RECIPE.text)));
  });

  it("is told to have the slip of the pen that the page shows, in the words of the page", () => {
    const { broken } = read(FIRST_RECIPE.text.replace("location:", "locaton:"));
    const told = broken
      .get(FIRST_RECIPE.name)
      ?.map((fault) => `images/${faultText(fault)}`.replace(/:(\d+:\d+): /, ":$1: error: "));
    expect(told).toContain(FIRST_ANSWERS[0]?.trim());
  });
});
