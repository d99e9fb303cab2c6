import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRecipe } from "../../src/domain/recipes/recipeFile.ts";
import { shortTemplate } from "../support/imageTemplate.ts";

const COMMAND = "dist/goldsmith.js";

test("the bundled command makes a recipe of a template's file, and exits 1 for one that it refuses", () => {
  const folder = mkdtempSync(join(tmpdir(), "goldsmith-import-"));
  const [template, recipe] = [join(folder, "template.json"), join(folder, "sample.yaml")];
  writeFileSync(template, JSON.stringify(shortTemplate()));
  execFileSync(process.execPath, [COMMAND, "import", template, "--name", "sample", "--output", recipe], {
    stdio: "pipe",
  });
  expect(parseRecipe("sample.yaml", readFileSync(recipe, "utf8"))).toMatchObject({ kind: "recipe" });

  writeFileSync(template, JSON.stringify(shortTemplate({ source: null })));
  const refused = spawnSync(process.execPath, [COMMAND, "import", template, "--name", "sample"], { encoding: "utf8" });
  expect([refused.status, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("error: properties.source: is missing");
});
