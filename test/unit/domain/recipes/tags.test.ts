import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planBuild } from "../../../../src/domain/plan.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { planContext, request, sampleRecipe, sampleTarget } from "../../../support/plan.ts";

const FILE = "public-quickstart.yaml";
const sample = readFileSync(join(import.meta.dirname, "..", "..", "..", "..", "images", FILE), "utf8");

/** A mapping of so many tags, beginning with a number. */
const many = (number: number, from = 0) =>
  `{${Array.from({ length: number }, (_, at) => `t${from + at}: x`).join(", ")}}`;

function told(fields: string, artifactTags?: string): string[] {
  const target = artifactTags ? sample.replace("distribute:", `distribute:\n  artifactTags: ${artifactTags}`) : sample;
  if (/^tags:/m.test(sample)) throw new Error("The sample has tags of its own.");
  const parsed = parseRecipe(FILE, `${target}\n${fields}\n`);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

describe("tags of a recipe", () => {
  it.each([
    ["microsoft", "tags: {MicrosoftApp: x}"],
    ["azure", "tags: {azureOwner: x}"],
    ["windows", "managedResourceTags: {WINDOWS: x}"],
  ])("do not begin with %s", (_, fields) => {
    expect(told(fields)).toEqual([expect.stringContaining("its name begins with microsoft, azure or windows")]);
  });

  it.each(["goldsmith-build", "Goldsmith-Installation", "goldsmith-more"])("are not called %s", (name) => {
    expect(told(`tags: {${name}: x}`)).toEqual([expect.stringContaining("its name begins with goldsmith-")]);
    expect(told("", `{${name}: x}`)).toEqual([expect.stringContaining("its name begins with goldsmith-")]);
  });

  it.each(["`id`", "$(id)", "${HOME}"])("hold nothing that a shell would run or replace: %s", (text) => {
    expect(told(`tags: {"${text}": x}`)).toEqual([expect.stringContaining("a shell would run")]);
    expect(told(`tags: {owner: "R&D; ${text}"}`)).toEqual([expect.stringContaining("a shell would run")]);
    expect(told(`tags: {owner: "R&D; $5 (five)"}`)).toEqual([]);
  });

  it("are not told twice in names that differ in case alone", () => {
    expect(told("tags: {Env: a, team: b, env: c}")).toEqual([expect.stringMatching(/ tags\.env: is Env once more/)]);
  });

  it("are as many as Azure takes with the service's and image builder's own", () => {
    expect(told(`tags: ${many(45)}`)).toEqual([]);
    expect(told(`tags: ${many(50)}`)).toEqual([expect.stringContaining(" tags: are 50 tags")]);
    expect(told(`tags: ${many(46)}`)).toEqual([expect.stringContaining(" tags: are 46 tags")]);
    expect(told(`tags: ${many(20)}\nmanagedResourceTags: ${many(30, 15)}`)).toEqual([]);
    expect(told(`tags: ${many(20)}\nmanagedResourceTags: ${many(30, 16)}`)).toEqual([
      expect.stringContaining(" managedResourceTags: are 46 tags with the recipe's own"),
    ]);
    expect(told(`tags: ${many(20)}`, many(28, 20))).toEqual([]);
    expect(told(`tags: ${many(20)}`, many(29, 20))).toEqual([
      expect.stringContaining(" distribute.artifactTags: are 49 tags with the recipe's own"),
    ]);
  });

  it("reach each resource under one name, with what is said of that resource last", () => {
    const distribute = [{ ...sampleTarget(), artifactTags: { ENV: "gallery" } }];
    const recipe = { ...sampleRecipe(), distribute, tags: { Env: "all" }, managedResourceTags: { env: "build" } };
    const { template } = planBuild(request, recipe, planContext);
    const own = { "goldsmith-build": request.buildId, "goldsmith-installation": planContext.installationId };
    expect(template.tags).toEqual({ Env: "all", ...own });
    expect(template.managedResourceTags).toEqual({ env: "build", ...own });
    expect(template.distribute[0]?.artifactTags).toEqual({ ENV: "gallery", ...own });
  });
});
