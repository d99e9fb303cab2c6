import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { withFieldReference } from "../../../../src/domain/recipes/fieldReference.ts";
import { type JsonSchema, overlaySchema, recipeSchema } from "../../../../src/domain/recipes/recipeSchema.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const shipped = readdirSync(join(root, "images")).filter((file) => file.endsWith(".yaml"));

describe("the JSON Schema of recipes", () => {
  it("is as images/recipe.schema.json has it: `npm run docs` writes it anew", async () => {
    const options = { parser: "json", printWidth: 120 };
    expect(read("images", "recipe.schema.json")).toBe(await format(JSON.stringify(recipeSchema()), options));
  });

  it("has a description of each field, but for those that tell kinds apart", () => {
    const without = (schema: JsonSchema, path: string): string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
        ...(one.description || one.const !== undefined || name === "state" ? [] : [`${path}.${name}`]),
        ...without(one, `${path}.${name}`),
      ]),
      ...[schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) =>
        one ? without(one, path) : [],
      ),
    ];
    expect(without(recipeSchema(), "recipe")).toEqual([]);
  });

  const taken = z.fromJSONSchema(JSON.parse(read("images", "recipe.schema.json")));

  it.each(shipped)("takes the shipped recipe %s, which names it to editors", (file) => {
    const text = read("images", file);
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=recipe.schema.json");
    expect(taken.safeParse(parse(text)).error).toBeUndefined();
  });

  const ofTemplate = { name: "ubuntu", description: "a sample", template: "templates/ubuntu.json" };

  it.each<[string, object, boolean]>([
    ["takes a recipe that names a template", { parameters: { size: 4 }, tags: { a: "b" } }, true],
    ["does not take one that has fields of the template's as well", { source: { type: "PlatformImage" } }, false],
    ["does not take one without a description", { description: undefined }, false],
  ])("%s", (_, change, isTaken) => {
    const recipe = JSON.parse(JSON.stringify({ ...ofTemplate, ...change })) as unknown;
    expect(taken.safeParse(recipe).success).toBe(isTaken);
  });

  it.each([
    ["an unknown field", { locaton: "westeurope" }],
    ["a number as text", { buildTimeoutInMinutes: "90" }],
    ["an unknown type", { source: { type: "Disk" } }],
  ])("does not take %s", (_, change) => {
    expect(taken.safeParse({ ...parse(read("images", "aks-jumpbox.yaml")), ...change }).success).toBe(false);
  });
});

describe("the JSON Schema of overlays", () => {
  it("is as images/overlay.schema.json has it: `npm run docs` writes it anew", async () => {
    const options = { parser: "json", printWidth: 120 };
    expect(read("images", "overlay.schema.json")).toBe(await format(JSON.stringify(overlaySchema()), options));
  });

  const taken = z.fromJSONSchema(JSON.parse(read("images", "overlay.schema.json")));

  it.each<[string, object, boolean]>([
    ["takes one field of a recipe", { vmProfile: { vmSize: "Standard_B2s" } }, true],
    ["takes a part of an object of several kinds", { source: { version: "24.04.1" } }, true],
    [
      "takes null for a field, at any depth",
      { schedule: null, tags: { team: null }, vmProfile: { vnetConfig: null } },
      true,
    ],
    ["takes what changes a template's parameters", { parameters: { vmSize: "Standard_B2s" } }, true],
    ["does not take an unknown field", { vmProfile: { size: "Standard_B2s" } }, false],
    ["does not take half a step, since lists are replaced", { customize: [{ type: "Shell", inline: [null] }] }, false],
  ])("%s", (_, overlay, isTaken) => {
    expect(taken.safeParse(overlay).success).toBe(isTaken);
  });
});

it("docs/recipes.md ends in every field: `npm run docs` writes it anew", async () => {
  const page = read("docs", "recipes.md");
  expect(page).toContain("`vmProfile`");
  expect(page).toBe(await format(withFieldReference(page, recipeSchema()), { parser: "markdown", printWidth: 120 }));
});
