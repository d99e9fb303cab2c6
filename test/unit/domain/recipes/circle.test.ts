import { describe, expect, it } from "vitest";
import { catalogueOf } from "../../../../src/domain/recipes/catalogue.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { planContext } from "../../../support/plan.ts";

const GROUP = "/resourceGroups/rg-images/providers/Microsoft.Compute";
const definition = (name: string) => `${GROUP}/galleries/g/images/${name}`;
const ofImage = (name: string) => `{type: ManagedImage, imageId: ${GROUP}/images/${name}}`;
const ofVersion = (id: string) => `{type: SharedImageVersion, imageVersionId: ${id}}`;
const toVersion = (id: string, more = "") =>
  `{type: SharedImage, galleryImageId: ${id}, targetRegions: [{name: westeurope}]${more}}`;
const DISK = "https://disks1.blob.core.windows.net/vhds/a.vhd";

/** Recipes by name: what each begins with, and what it writes. */
function read(recipes: Record<string, [source: string, distribute: string]>) {
  const files = Object.entries(recipes).map(([name, [source, distribute]]) => {
    const text = `name: ${name}\ndescription: d\nlocation: westeurope\nsource: ${source}\ndistribute: ${distribute}\nvmProfile: {vmSize: Standard_D2s_v5}\n`;
    return { file: `${name}.yaml`, parsed: parseRecipe(`${name}.yaml`, text) };
  });
  const { recipes: sound, broken, notes } = catalogueOf(files, planContext.subscriptionId);
  const told = (all: typeof broken) => [...all.values()].flat().map(faultText);
  return { sound: [...sound.keys()], faults: told(broken), notes: told(notes) };
}

describe("a recipe that begins with what it writes itself", () => {
  it.each([
    [
      "a managed image",
      ofImage("a"),
      ofImage("A").replace(GROUP, `/subscriptions/${planContext.subscriptionId}${GROUP}`),
    ],
    ["one version", ofVersion(`${definition("d")}/versions/1.0.0`), toVersion(`${definition("D")}/versions/1.0.0`)],
    ["a VHD", `{vhd: '${DISK}', osType: Linux, hyperVGeneration: V2}`, `{type: VHD, uri: '${DISK}'}`],
  ])("is broken where that is %s", (_, source, distribute) => {
    expect(read({ a: [source, distribute] })).toMatchObject({
      sound: [],
      faults: [expect.stringMatching(/^a.yaml:4:\d+: source\.\w+: goes in a circle: a is built on a$/)],
    });
  });

  it("is built, and tells it, where that is the latest version of its definition", () => {
    const latest = ofVersion(`${definition("d")}/versions/latest`);
    expect(read({ a: [latest, toVersion(definition("D"))] })).toMatchObject({
      sound: ["a"],
      faults: [],
      notes: [expect.stringMatching(/^a.yaml:4:\d+: source.imageVersionId: is the latest version of what the recipe/)],
    });
    expect(read({ a: [latest, toVersion(definition("D"), ", excludeFromLatest: true")] }).notes).toEqual([]);
  });

  it("is built where it begins with an older version of its definition", () => {
    const older = ofVersion(`${definition("d")}/versions/1.0.0`);
    expect(read({ a: [older, toVersion(definition("d"))] })).toEqual({ sound: ["a"], faults: [], notes: [] });
  });
});

describe("recipes that are built on each other", () => {
  it.each([
    ["by ids of managed images", [ofImage("b"), ofImage("a")], [ofImage("a"), ofImage("b")]],
    [
      "by ids of latest versions",
      [ofVersion(`${definition("b")}/versions/latest`), toVersion(definition("a"))],
      [ofVersion(`${definition("a")}/versions/latest`), toVersion(definition("b"))],
    ],
    ["by name and by id", ["{recipe: b}", ofImage("a")], [ofImage("a"), ofImage("b")]],
  ] satisfies [string, [string, string], [string, string]][])("are broken %s", (_, a, b) => {
    expect(read({ a, b })).toMatchObject({
      sound: [],
      faults: [
        expect.stringContaining("goes in a circle: a is built on b is built on a"),
        expect.stringContaining("goes in a circle: b is built on a is built on b"),
      ],
    });
  });

  it("are sound where they go up to one that begins elsewhere", () => {
    const all = read({
      a: [ofImage("b"), ofImage("a")],
      b: [ofImage("c"), ofImage("b")],
      c: [ofImage("z"), ofImage("c")],
    });
    expect(all).toEqual({ sound: ["a", "b", "c"], faults: [], notes: [] });
  });
});
