import { describe, expect, it } from "vitest";
import { planBuild } from "../../../../src/domain/plan.ts";
import { type Catalogue, catalogueOf } from "../../../../src/domain/recipes/catalogue.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { planContext, request } from "../../../support/plan.ts";

const GALLERY = "/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images";
const MARKETPLACE = "{type: PlatformImage, publisher: p, offer: o, sku: s}";
const inGallery = (definition: string, more = "", region = "westeurope") =>
  `{type: SharedImage, galleryImageId: ${GALLERY}/${definition}, targetRegions: [{name: ${region}}]${more}}`;
const on = (recipe: string) => `{recipe: ${recipe}}`;

const text = (name: string, source: string, distribute = inGallery(name), more = "") =>
  [
    `name: ${name}`,
    "description: d",
    "location: westeurope",
    `source: ${source}`,
    `distribute: ${distribute}`,
    "vmProfile: {vmSize: Standard_D2s_v5}",
    more,
  ].join("\n");

/** By name; `text` of each. */
function catalogue(texts: Record<string, string>): Catalogue {
  const files = Object.entries(texts).map(([name, one]) => ({
    file: `${name}.yaml`,
    parsed: parseRecipe(`${name}.yaml`, one),
  }));
  return catalogueOf(files, planContext.subscriptionId);
}

const toldOf = ({ broken }: Catalogue) =>
  Object.fromEntries([...broken].map(([name, faults]) => [name, faults.map(faultText).join("\n")]));

function sourceIn({ recipes }: Catalogue, name: string) {
  const recipe = recipes.get(name);
  if (!recipe) throw new Error(`${name} is broken.`);
  return planBuild({ ...request, image: name }, recipe, { ...planContext, recipes });
}

const base = text("base", MARKETPLACE);
const idOf = (definition: string, version = "latest") =>
  `/subscriptions/${planContext.subscriptionId}${GALLERY}/${definition}/versions/${version}`;

describe("a recipe that is built on another", () => {
  it("has as its source what the other makes, down any number of generations", () => {
    const all = catalogue({ base, app: text("app", on("base")), site: text("site", on("app")) });
    expect(sourceIn(all, "app").template.source).toEqual({ type: "SharedImageVersion", imageVersionId: idOf("base") });
    expect(sourceIn(all, "site").template.source).toEqual({ type: "SharedImageVersion", imageVersionId: idOf("app") });
  });

  it("has the same template and hash as one that names the version by its id", () => {
    const byId = `{type: SharedImageVersion, imageVersionId: ${GALLERY}/base/versions/latest}`;
    const named = sourceIn(catalogue({ base, app: text("app", on("base")) }), "app");
    const written = sourceIn(catalogue({ base, app: text("app", byId) }), "app");
    expect(named).toEqual(written);
  });

  it.each([
    [
      "is in its region",
      `[${inGallery("far", "", "northeurope")}, ${inGallery("near").replace("}]}", "}], runOutputName: near}")}]`,
      idOf("near"),
    ],
    [
      "can be the latest",
      `[${inGallery("hidden", ", excludeFromLatest: true")}, ${inGallery("shown", ", runOutputName: shown")}]`,
      idOf("shown"),
    ],
    ["is one version", inGallery("base/versions/1.2.3", ", excludeFromLatest: true"), idOf("base", "1.2.3")],
  ])("takes of the other's targets that which %s", (_, distribute, imageVersionId) => {
    const all = catalogue({ base: text("base", MARKETPLACE, distribute), app: text("app", on("base")) });
    expect(sourceIn(all, "app").template.source).toEqual({ type: "SharedImageVersion", imageVersionId });
  });

  it("is held to its trust zone by what the other makes", () => {
    const elsewhere = inGallery("base").replace("rg-images", "rg-other");
    const all = catalogue({ base: text("base", MARKETPLACE, elsewhere), app: text("app", on("base")) });
    expect(sourceIn(all, "app").findings).toMatchObject([
      { code: "outside-trust-zone", resource: idOf("base").replace("rg-images", "rg-other") },
    ]);
  });

  const app = text("app", on("base"));

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ["that there is not", { app }, { app: "names base, and there is no recipe of that name" }],
    [
      "whose name has a slip in it",
      { base, app: text("app", on("bases")) },
      { app: "names bases, and there is no recipe of that name; did you mean base?" },
    ],
    ["that is itself", { app: text("app", on("app")) }, { app: "goes in a circle: app is built on app" }],
    [
      "that is built on it, in a circle from which others hang",
      { base: text("base", on("app")), app, site: text("site", on("app")), deep: text("deep", on("site")) },
      {
        base: "goes in a circle: base is built on app is built on base",
        app: "goes in a circle: app is built on base is built on app",
        site: "names app, whose recipe is broken",
        deep: "names site, whose recipe is broken",
      },
    ],
    [
      "that is broken, and so are its own descendants",
      { base: "name: base\n", app, site: text("site", on("app")) },
      { app: "names base, whose recipe is broken", site: "names app, whose recipe is broken" },
    ],
    [
      "that writes the same image as a third one",
      { base, twin: text("twin", MARKETPLACE, inGallery("base")), app },
      { app: "names base, and the latest version of its image definition may be one of twin" },
    ],
    [
      "that shares its definition, by majors",
      {
        base: text("base", MARKETPLACE, inGallery("base", ", versioning: {scheme: Latest, major: 1}")),
        twin: text("twin", MARKETPLACE, inGallery("base", ", versioning: {scheme: Latest, major: 2}")),
        app,
      },
      { app: "names base, and the latest version of its image definition may be one of twin" },
    ],
    [
      "that makes no image",
      {
        base: text(
          "base",
          MARKETPLACE,
          undefined,
          "validate: {sourceValidationOnly: true, inVMValidations: [{type: Shell, inline: [x]}]}",
        ),
        app,
      },
      { app: "names base, which makes no image: it only validates its source" },
    ],
    [
      "that only writes a VHD",
      { base: text("base", MARKETPLACE, "{type: VHD, uri: 'https://disks1.blob.core.windows.net/vhds/a.vhd'}"), app },
      { app: "names base, which makes no image: it only writes a VHD" },
    ],
    [
      "whose versions are never the latest",
      { base: text("base", MARKETPLACE, inGallery("base", ", excludeFromLatest: true")), app },
      { app: "names base, whose versions are never the latest: it has excludeFromLatest" },
    ],
  ])("is broken where it names one %s", (_, texts, told) => {
    const all = catalogue(texts);
    for (const [name, message] of Object.entries(told)) {
      expect(toldOf(all)[name]).toBe(`${name}.yaml:4:18: source.recipe: ${message}`);
      expect(all.recipes.has(name)).toBe(false);
    }
  });

  it("stops nobody who is not built on it", () => {
    expect([...catalogue({ base, app: text("app", on("other")) }).recipes.keys()]).toEqual(["base"]);
  });

  it.each([
    ["its type as well", "{type: Recipe, recipe: base}", undefined],
    ["a number", "{recipe: 5}", "source.recipe: takes text: put the value into quotes"],
    ["a field more", "{recipe: base, version: 1.0.0}", "source.version: is not a field here; there are type, recipe"],
    ["an illegal name", "{recipe: ../base}", "source.recipe: takes words of a-z and 0-9"],
    [
      "a slip in the field",
      "{recip: base}",
      "source.type: is missing; takes one of PlatformImage, ManagedImage, SharedImageVersion, Recipe",
    ],
  ])("may be written with %s, or is told of it", (_, source, told) => {
    const { app: faults = "" } = toldOf(catalogue({ base, app: text("app", source) }));
    if (told) expect(faults).toContain(told);
    else expect(faults).toBe("");
  });
});
