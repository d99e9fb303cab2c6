import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/domain/recipes/catalogue.ts";
import { imageList, imageView } from "../../src/domain/recipes/imageView.ts";
import { faultOf } from "../support/openApi.ts";
import { shortTemplate } from "../support/imageTemplate.ts";
import { RecipeBlobs } from "../support/recipeBlobs.ts";

const root = join(import.meta.dirname, "..", "..");
const urlOf = (path: string) => `https://goldsmith.test${path}`;

const WITH_ALL = `name: all
description: d
location: westeurope
source: {recipe: ubuntu}
parameters:
  size: {type: integer, description: d, default: 3, allowed: [3, 4]}
  tool: {type: string, description: d, default: a, pattern: "[a-z]"}
  fast: {type: boolean, description: d, default: true}
customize:
  - include: snippets/a.yaml
  - {type: File, sourceUri: "https://scripts.example/f", unchecked: true, destination: /tmp/f}
buildTimeoutInMinutes: 0
vmProfile: {vmSize: Standard_D2s_v5}
distribute: {type: ManagedImage, imageId: /resourceGroups/rg-images/providers/Microsoft.Compute/images/all}
`;

let blobs: RecipeBlobs;
let catalogue: Catalogue;
beforeAll(async () => {
  blobs = await RecipeBlobs.create({
    "aks-jumpbox.yaml": readFileSync(join(root, "images", "aks-jumpbox.yaml"), "utf8"),
    "all.yaml": WITH_ALL,
    "ubuntu.yaml": "name: ubuntu\ndescription: d\ntemplate: ubuntu.json\n",
    "ubuntu.json": JSON.stringify(shortTemplate()),
    "snippets/a.yaml": "- {type: Shell, inline: [echo a]}\n",
    "broken.yaml": "name: broken\nlocaton: x\n",
    "no yaml.yml": "[",
    "overlays/test/aks-jumpbox.yaml": "schedule: ~\ntags: {purpose: test}\n",
    "overlays/test/nothing.yaml": "tags: {}\n",
  });
  catalogue = await blobs.catalogue({ environment: "test" })();
});

describe("answers about images, as docs/openapi.json tells them,", () => {
  it("are as told in a list of all kinds", () => {
    const list = imageList(catalogue, urlOf);
    expect(list.images.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "aks-jumpbox ready",
      "all ready",
      "broken broken",
      "no yaml.yml broken",
      "nothing broken",
      "ubuntu ready",
    ]);
    expect(faultOf("ImageList", list)).toBeUndefined();
    expect(faultOf("ImageList", { images: [] })).toBeUndefined();
  });

  it.each([
    ["a whole recipe with an overlay", "aks-jumpbox"],
    ["one on another, with parameters and a snippet", "all"],
    ["one of a template, with notes", "ubuntu"],
    ["a broken one", "broken"],
    ["one that is not even YAML", "no yaml.yml"],
    ["an overlay without a recipe", "nothing"],
  ])("are as told for %s", (_, image) => {
    const view = imageView(catalogue, image, urlOf);
    expect(view).toMatchObject({ name: image });
    expect(faultOf("Image", view)).toBeUndefined();
    expect(faultOf("Image", { ...view, more: 1 })).toBeDefined();
  });

  it("are as told where the recipes could not be read again", () => {
    const stale = { ...catalogue, stale: { since: "2026-01-15T02:00:00.000Z", why: "ServerBusy" } };
    const answers = [imageList(stale, urlOf), imageView(stale, "all", urlOf), imageView(stale, "broken", urlOf)];
    expect(answers).toMatchObject(answers.map(() => ({ staleSince: "2026-01-15T02:00:00.000Z" })));
    expect(JSON.stringify(answers)).not.toContain("ServerBusy");
    const [list, ...views] = answers;
    expect([faultOf("ImageList", list), ...views.map((view) => faultOf("Image", view))]).toEqual(
      Array(3).fill(undefined),
    );
  });

  it("are not as told with a state that there is not, or a recipe with a field too many", () => {
    const { recipe, ...view } = imageView(catalogue, "all", urlOf) as { recipe: object };
    expect(faultOf("Image", { ...view, recipe, state: "odd" })).toBeDefined();
    expect(faultOf("Image", { ...view, recipe: { ...recipe, more: 1 } })).toBeDefined();
  });
});
