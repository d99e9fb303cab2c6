import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/domain/recipes/catalogue.ts";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { RecipeBlobs } from "../support/recipeBlobs.ts";

/** By lines: name 1, location 3, source 4, vmProfile 6, customize 9, distribute 12. */
const named = (name: string) => `name: ${name}
description: d
location: westeurope
source:
  {type: PlatformImage, publisher: p, offer: o, sku: s}
vmProfile:
  vmSize: Standard_D2s_v5
  osDiskSizeGB: 64
customize:
  - type: Shell
    inline: [az version]
distribute:
  type: SharedImage
  galleryImageId: /resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith/images/${name}
  targetRegions: [{name: westeurope}]
`;
const on = (name: string, parent: string) => named(name).replace(/{type: PlatformImage.*}/, `{recipe: ${parent}}`);
const including = (path: string) => named("bad").replace("customize:\n", `customize:\n  - include: ${path}\n`);
const changed = (before: string | RegExp, after: string) => {
  const text = named("bad").replace(before, after);
  if (text === named("bad")) throw new Error(`The recipe has no ${before}.`);
  return text;
};
const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
  .concat(["b", "c", "d", "e"].map((one, at) => `${one}: &${one} [${`*${"abcd"[at]}, `.repeat(10)}]`))
  .join("\n");

type Files = Record<string, string>;
const SOUND: Files = { "a-sound-one.yaml": named("a-sound-one") };
const installation = { environment: "test" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-bad-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLACES: [string, (files: Files) => Promise<Catalogue>][] = [
  [
    "a folder",
    (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return Promise.resolve(readCatalogue(folder, installation));
    },
  ],
  ["a container", async (files) => (await RecipeBlobs.create(files)).catalogue(installation)()],
];

/** With what is held against each broken recipe. */
const BAD: [string, Files, Record<string, string>][] = [
  [
    "a YAML bomb",
    { "bad.yaml": `${named("bad")}\n${bomb}` },
    { bad: "bad.yaml:18:8: b[0]: has aliases that stand for more than" },
  ],
  ["10 MB", { "bad.yaml": "#".repeat(10_000_000) }, { bad: "bad.yaml:1:1: the recipe: is larger than 256 KiB" }],
  [
    "a name that stands twice",
    { "bad.yaml": `name: bad\nlocation: a\nlocation: b\n` },
    { bad: "bad.yaml:3:1: location: stands there twice" },
  ],
  ["a tab", { "bad.yaml": "name: bad\ntags:\n\ta: b\n" }, { bad: "bad.yaml:3:1: tags: is indented by a tab" }],
  [
    "an unknown field",
    { "bad.yaml": changed("location:", "locaton:") },
    { bad: "bad.yaml:3:1: locaton: is not a field here; did you mean location?" },
  ],
  [
    "a field in the wrong case",
    { "bad.yaml": changed("osDiskSizeGB", "osDiskSizeGb") },
    { bad: "bad.yaml:8:3: vmProfile.osDiskSizeGb: is written osDiskSizeGB" },
  ],
  [
    "a number as text",
    { "bad.yaml": changed("osDiskSizeGB: 64", 'osDiskSizeGB: "64"') },
    { bad: "bad.yaml:8:17: vmProfile.osDiskSizeGB: takes a number: write it without quotes" },
  ],
  [
    "a pattern that is none, of a parameter with a default",
    {
      "bad.yaml": changed(
        "customize:",
        "parameters: {a: {type: string, description: d, pattern: '(b', default: b}}\ncustomize:",
      ),
    },
    { bad: "bad.yaml:9:57: parameters.a.pattern: is no regular expression" },
  ],
  [
    "recipes that are built on one another",
    { "bad.yaml": on("bad", "worse"), "worse.yaml": on("worse", "bad") },
    {
      bad: "bad.yaml:5:12: source.recipe: goes in a circle: bad is built on worse is built on bad",
      worse: "worse.yaml:5:12: source.recipe: goes in a circle: worse is built on bad is built on worse",
    },
  ],
  [
    "snippets that include one another",
    {
      "bad.yaml": including("snippets/a.yaml"),
      "snippets/a.yaml": "- include: snippets/b.yaml\n",
      "snippets/b.yaml": "- include: snippets/a.yaml\n",
    },
    { bad: "snippets/b.yaml:1:12: [0].include: goes in a circle: snippets/a.yaml includes snippets/b.yaml" },
  ],
  [
    "an include that leads out",
    { "bad.yaml": including("../outside/a.yaml") },
    { bad: "bad.yaml:10:14: customize[0].include: takes the path of a file below the recipe's folder" },
  ],
  [
    "an include by a whole path",
    { "bad.yaml": including("/etc/a.yaml") },
    { bad: "bad.yaml:10:14: customize[0].include: takes the path of a file below the recipe's folder" },
  ],
  [
    "a snippet of 10 MB",
    { "bad.yaml": including("snippets/a.yaml"), "snippets/a.yaml": "#".repeat(10_000_000) },
    { bad: "bad.yaml:10:14: customize[0].include: names snippets/a.yaml, which is larger than 256 KiB" },
  ],
  [
    "a name that is illegal in Azure",
    { "bad.yaml": changed("galleries/goldsmith", "galleries/gold-smith") },
    { bad: "bad.yaml:14:19: distribute.galleryImageId: names the gallery gold-smith; Azure takes" },
  ],
  [
    "two that would write the same versions",
    { "bad.yaml": named("same").replace("name: same", "name: bad"), "same.yaml": named("same") },
    {
      bad: "bad.yaml:14:19: distribute.galleryImageId: writes the same image as same.yaml",
      same: "same.yaml:14:19: distribute.galleryImageId: writes the same image as bad.yaml",
    },
  ],
  [
    "a secret in plain text",
    { "bad.yaml": changed("az version", "az login --password hunter2-of-mine") },
    { bad: "bad.yaml:11:34: customize[0].inline[0]: looks like a secret in plain text" },
  ],
  [
    "a secret in a snippet",
    {
      "bad.yaml": including("snippets/a.yaml"),
      "snippets/a.yaml": "- {type: Shell, inline: [az login --password hunter2-of-mine]}\n",
    },
    { bad: "snippets/a.yaml:1:46: [0].inline[0]: looks like a secret in plain text" },
  ],
  [
    "a secret in an overlay",
    { "bad.yaml": named("bad"), "overlays/test/bad.yaml": "description: x --password hunter2-of-mine\n" },
    { bad: "overlays/test/bad.yaml:1:27: description: looks like a secret in plain text" },
  ],
  [
    "an overlay that is a YAML bomb",
    { "bad.yaml": named("bad"), "overlays/test/bad.yaml": bomb },
    { bad: "overlays/test/bad.yaml:2:8: b[0]: has aliases that stand for more than" },
  ],
];

describe.each(PLACES)("%s of recipes", (_, read) => {
  it.each(BAD)(
    "with %s has that as broken, with its place, and nothing of it, and all others whole",
    async (...row) => {
      const [, files, told] = row;
      const whole = await read(SOUND);
      const { recipes, broken } = await read({ ...SOUND, ...files });
      expect([...broken.keys()]).toEqual(Object.keys(told));
      for (const [image, faults] of broken) {
        const texts = faults.map(faultText);
        expect(texts.join("\n")).toContain(told[image]);
        expect(texts.every((text) => /^[\w/-]+\.yaml:\d+:\d+: /.test(text))).toBe(true);
        expect(texts.join()).not.toContain("hunter2");
      }
      expect([...recipes]).toEqual([...whole.recipes]);
    },
  );
});
