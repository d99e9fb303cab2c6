import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { JsonObject } from "../../src/domain/json.ts";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { ImageView, imageView } from "../../src/domain/recipes/imageView.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { deploymentOf } from "../support/armTemplate.ts";
import { shortTemplate } from "../support/imageTemplate.ts";
import { planContext } from "../support/plan.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "goldsmith-templates-"));
  folder = join(root, "images");
  mkdirSync(join(folder, "templates"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const TEMPLATE = JSON.stringify(shortTemplate());
const write = (file: string, content: string | Uint8Array) => writeFileSync(join(folder, file), content);
const writeRecipe = (name: string, template: string) =>
  write(`${name}.yaml`, stringify({ name, description: "a sample", template }));
const read = () => readCatalogue(folder, { subscriptionId: planContext.subscriptionId });
const outside = () => writeFileSync(join(root, "outside.json"), TEMPLATE);
const urlOf = (path: string) => `https://goldsmith.test${path}`;
const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from(TEMPLATE, "utf16le")]);

describe("a template beside a recipe is read", () => {
  it.each<[string, string, () => void]>([
    ["from the folder", "ubuntu.json", () => write("ubuntu.json", TEMPLATE)],
    ["from a folder in it", "templates/ubuntu.json", () => write("templates/ubuntu.json", TEMPLATE)],
    ["in UTF-16, as PowerShell writes it", "ubuntu.json", () => write("ubuntu.json", utf16)],
    [
      "by a link that stays in the folder",
      "linked.json",
      () => {
        write("templates/ubuntu.json", TEMPLATE);
        symlinkSync("templates/ubuntu.json", join(folder, "linked.json"));
      },
    ],
  ])("%s", (_, template, prepare) => {
    prepare();
    writeRecipe("ubuntu", template);
    const { recipes, broken } = read();
    expect([...broken]).toEqual([]);
    expect(recipes.get("ubuntu")).toMatchObject({ source: { publisher: "Canonical" }, zone: "default" });
  });
});

describe("a template is not read, and only its recipe broken", () => {
  it.each<[string, string, () => void, string]>([
    ["that is not there", "none.json", () => {}, "is not there"],
    ["that lies above", "../outside.json", outside, "takes the path of a file below"],
    ["that is hidden", ".x.json", () => write(".x.json", TEMPLATE), "takes the path of a file below"],
    [
      "to which a link leads out",
      "link.json",
      () => {
        outside();
        symlinkSync("../outside.json", join(folder, "link.json"));
      },
      "leads out of the recipe's folder",
    ],
    [
      "in a folder that is a link out",
      "link/outside.json",
      () => {
        outside();
        symlinkSync(root, join(folder, "link"));
      },
      "leads out of the recipe's folder",
    ],
    ["that is a folder", "folder.json", () => mkdirSync(join(folder, "folder.json")), "is no file"],
    ["that is not UTF-8", "x.json", () => write("x.json", Uint8Array.of(0x7b, 0xff)), "is not UTF-8"],
    ["of 10 MB", "x.json", () => write("x.json", " ".repeat(10_000_000)), "is larger than 4 MiB"],
  ])("%s", (_, template, prepare, told) => {
    prepare();
    write("templates/good.json", TEMPLATE);
    writeRecipe("good", "templates/good.json");
    writeRecipe("ubuntu", template);
    const { recipes, broken } = read();
    expect([...recipes.keys()]).toEqual(["good"]);
    expect(broken.get("ubuntu")?.map(faultText)).toEqual([expect.stringMatching(/^ubuntu.yaml:3:11: template: /)]);
    expect(broken.get("ubuntu")?.map(faultText).join("")).toContain(told);
  });
});

describe("recipes of templates", () => {
  it("that write the same image are broken both, at their places in the template", () => {
    write("ubuntu.json", TEMPLATE);
    writeRecipe("one", "ubuntu.json");
    writeRecipe("two", "ubuntu.json");
    expect([...read().broken.values()].map((faults) => faults.map(faultText))).toEqual(
      ["two", "one"].map((other) => [
        expect.stringMatching(
          new RegExp(
            `^ubuntu.json:1:\\d+: properties.distribute\\[0\\].galleryImageId: writes the same image as ${other}.yaml$`,
          ),
        ),
      ]),
    );
  });

  it("are several images of one template, by its parameters", () => {
    const distribute = [
      {
        type: "ManagedImage",
        runOutputName: "image",
        location: "westeurope",
        imageId: "[resourceId('rg-images', 'Microsoft.Compute/images', parameters('image'))]",
      },
    ];
    const { properties = {} } = shortTemplate({ distribute });
    const file = deploymentOf({}, { parameters: { image: { type: "string" } } });
    const [resource] = file["resources"] as [JsonObject];
    write("both.json", JSON.stringify({ ...file, resources: [{ ...resource, location: "westeurope", properties }] }));
    for (const name of ["one", "two"]) {
      const parameters = { image: `image-${name}` };
      write(`${name}.yaml`, stringify({ name, description: "a sample", template: "both.json", parameters }));
    }
    const { recipes, broken } = read();
    expect([...broken]).toEqual([]);
    expect([...recipes.values()].map((recipe) => recipe.distribute)).toMatchObject(
      ["one", "two"].map((name) => [
        {
          imageId: `/subscriptions/${planContext.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/images/image-${name}`,
        },
      ]),
    );
  });

  it("are shown with notes of what was changed, whether they can be built or not", () => {
    write("ubuntu.json", TEMPLATE);
    write("broken.json", JSON.stringify(shortTemplate({ source: { type: "ISO" } })));
    writeRecipe("ubuntu", "ubuntu.json");
    writeRecipe("broken", "broken.json");
    for (const [image, state] of [
      ["ubuntu", "ready"],
      ["broken", "broken"],
    ] as const) {
      expect(ImageView.parse(imageView(read(), image, urlOf))).toMatchObject({
        state,
        notes: [
          { file: `${image}.json`, line: 1, field: "apiVersion", message: expect.stringContaining("2025-10-01") },
        ],
      });
    }
  });
});
