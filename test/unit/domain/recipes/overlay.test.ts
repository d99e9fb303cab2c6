import { describe, expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { besideFile } from "../../../support/besideFile.ts";

const GALLERY = "/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/app";
const MANAGED = "/resourceGroups/rg-images/providers/Microsoft.Compute/images/app";
const RECIPE = `name: app
description: d
location: westeurope
source: {type: PlatformImage, publisher: p, offer: o, sku: s}
customize:
  - {type: Shell, inline: [echo one]}
  - {type: Shell, inline: [echo two]}
vmProfile: {vmSize: Standard_D2s_v5, osDiskSizeGB: 64}
distribute:
  type: SharedImage
  galleryImageId: ${GALLERY}
  targetRegions: [{name: westeurope}, {name: northeurope}]
tags: {purpose: app, team: images}
`;
const OVERLAY = "overlays/test/app.yaml";
const SNIPPET = "snippets/a.yaml";

const readBeside = (path: string) =>
  path === SNIPPET
    ? besideFile("- {type: Shell, inlin: [echo]}\n")
    : { kind: "unreadable" as const, message: "is not there" };

function parse(overlay: string, recipe = RECIPE) {
  return parseRecipe("app.yaml", recipe, { readBeside }, { file: OVERLAY, text: overlay });
}

function recipeOf(overlay: string) {
  const parsed = parse(overlay);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  return parsed.recipe;
}

function toldOf(overlay: string, recipe = RECIPE): string[] {
  const parsed = parse(overlay, recipe);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

describe("a recipe with an overlay", () => {
  it("has the fields of both, those of the overlay first", () => {
    expect(recipeOf("vmProfile: {vmSize: Standard_D4s_v5}\ntags: {purpose: test}\n")).toMatchObject({
      description: "d",
      vmProfile: { vmSize: "Standard_D4s_v5", osDiskSizeGB: 64 },
      tags: { purpose: "test", team: "images" },
    });
  });

  it.each(["", "# vmProfile: {vmSize: Standard_D4s_v5}\n"])(
    "is as it was where the overlay has no field: %j",
    (overlay) => {
      expect(recipeOf(overlay)).toMatchObject({ tags: { purpose: "app" }, vmProfile: { vmSize: "Standard_D2s_v5" } });
    },
  );

  it("has a list as the overlay has it, whole", () => {
    const { customize, distribute } = recipeOf(
      "customize: [{type: Shell, inline: [echo three]}]\ndistribute: {targetRegions: [{name: westeurope}]}\n",
    );
    expect(customize).toEqual([{ type: "Shell", inline: ["echo three"] }]);
    expect(distribute).toMatchObject([{ galleryImageId: GALLERY, targetRegions: [{ name: "westeurope" }] }]);
  });

  it("does not have what the overlay takes away by null", () => {
    const { tags, vmProfile } = recipeOf("tags: {team: ~}\nvmProfile: {osDiskSizeGB: null}\n");
    expect(tags).toEqual({ purpose: "app" });
    // What image builder takes where it is told nothing.
    expect(vmProfile.osDiskSizeGB).toBe(0);
  });

  it.each([
    ["by its type", "distribute", `{type: ManagedImage, imageId: ${MANAGED}}`, [{ imageId: MANAGED }]],
    ["by the field that tells it", "source", "{recipe: base}", { type: "Recipe", recipe: "base" }],
  ])("has nothing of the recipe's in an object of another kind, %s", (_, field, value, has) => {
    const recipe = recipeOf(`${field}: ${value}\n`);
    expect(recipe).toMatchObject({ [field]: has });
    expect(JSON.stringify(recipe)).not.toContain(field === "source" ? '"offer"' : "galleryImageId");
  });

  it.each([
    ["an unknown field", "vmProfile:\n  vmsize: x\n", "2:3: vmProfile.vmsize: is written vmSize"],
    ["a wrong value", "vmProfile:\n  osDiskSizeGB: big\n", "2:17: vmProfile.osDiskSizeGB: takes a number"],
    ["a field that is needed", "location: ~\n", "1:11: location: is missing"],
    ["one taken away that is not there", "locaton: ~\n", "1:10: locaton: takes away what the recipe does not have"],
    ["another name", "name: other\n", "1:7: name: is the recipe's own: an overlay changes no names"],
    ["no name", "name: ~\n", "1:7: name: is the recipe's own: an overlay changes no names"],
    ["a step of its own", "customize:\n  - type: Shel\n", "2:11: customize[0].type: takes one of"],
    ["a list", "- a\n", "1:1: the recipe: takes fields of a recipe"],
    ["what is no YAML", "tags:\n\tteam: a\n", "2:1: tags"],
    ["a secret", "description: x --password hunter2-of-mine\n", "1:27: description: looks like a secret"],
    ["steps that are not there", "customize: [{include: snippets/b.yaml}]\n", "1:23: customize[0].include: names"],
    ["a name twice", "tags: {}\ntags: {}\n", "2:1: tags: stands there twice"],
  ])("is broken with the overlay's own place for %s in it", (_, overlay, told) => {
    expect(toldOf(overlay)).toContainEqual(expect.stringContaining(`${OVERLAY}:${told}`));
  });

  it.each([
    ["what the overlay leaves alone", "tags: {team: x}\n", "location", "locaton", "3:1: locaton: is not a field here"],
    [
      "what stands beside a change",
      "vmProfile: {vmSize: x}\n",
      "osDisk",
      "osDsk",
      "8:38: vmProfile.osDskSizeGB: is not",
    ],
  ])("is broken with the recipe's own place for %s", (_, overlay, before, after, told) => {
    expect(toldOf(overlay, RECIPE.replace(before, after))).toContainEqual(expect.stringContaining(`app.yaml:${told}`));
  });

  it("is broken with a snippet's place for what is wrong in a snippet that the overlay includes", () => {
    expect(toldOf(`customize: [{include: ${SNIPPET}}]\n`)).toContainEqual(
      expect.stringMatching(`^${SNIPPET}:1:17: \\[0\\].inlin: is not a field here`),
    );
  });

  it("may be wrong by itself where the overlay mends it", () => {
    expect(toldOf("location: westeurope\n", RECIPE.replace("location: westeurope\n", ""))).toEqual([]);
  });
});
