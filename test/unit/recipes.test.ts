import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { imageList, ImageList, ImageView, imageView } from "../../src/domain/recipes/imageView.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { planContext } from "../support/plan.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");
/** The same under another name, into a definition of its own. */
const named = (name: string) => sample.replaceAll(/(name: |images\/|purpose: )aks-jumpbox$/gm, `$1${name}`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-recipes-"));
  write("one.yaml", named("one"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}-outside.yaml`, { force: true });
});

const write = (file: string, content: string | Uint8Array) => writeFileSync(join(folder, file), content);
const read = () => readCatalogue(folder, { subscriptionId: planContext.subscriptionId });
const urlOf = (path: string) => `https://goldsmith.test${path}`;

describe("a catalogue with a broken recipe", () => {
  it.each<[string, string, () => void, string]>([
    ["that is no YAML", "two", () => write("two.yaml", "name: ["), "two.yaml:1:8"],
    ["that is not UTF-8", "two", () => write("two.yaml", Uint8Array.of(0x6e, 0xff)), "is not UTF-8"],
    ["of 10 MB", "two", () => write("two.yaml", "#".repeat(10_000_000)), "is larger than 256 KiB"],
    ["that is a folder", "two", () => mkdirSync(join(folder, "two.yaml")), "is no file"],
    [
      "that is a link out of the folder",
      "two",
      () => {
        writeFileSync(`${folder}-outside.yaml`, named("two"));
        symlinkSync(`${folder}-outside.yaml`, join(folder, "two.yaml"));
      },
      "leads out of the recipe's folder, by a link",
    ],
    ["with another ending", "two.yml", () => write("two.yml", named("two")), "must be called .yaml"],
    ["that is named after another image", "two", () => write("two.yaml", named("one")), "must be the file's name, two"],
  ])("has all others, and says what is wrong with the one %s", (_, image, prepare, told) => {
    prepare();
    const { recipes, broken } = read();
    expect([...recipes.keys()]).toEqual(["one"]);
    expect([...broken.keys()]).toEqual([image]);
    expect(broken.get(image)?.map(faultText).join("\n")).toContain(told);
  });

  it("lists it among the others as what it is, as the answer's schema says", () => {
    write("another.yaml", named("another").replace("location: westeurope", "locaton: westeurope"));
    const list = ImageList.parse(imageList(read(), urlOf));
    expect(list.images.map(({ name, state }) => [name, state])).toEqual([
      ["another", "broken"],
      ["one", "ready"],
    ]);
    expect(ImageView.parse(imageView(read(), "another", urlOf))).toMatchObject({
      state: "broken",
      errors: [{ file: "another.yaml", field: "locaton", message: expect.stringContaining("location?") }],
    });
    expect(ImageView.parse(imageView(read(), "one", urlOf))).toMatchObject({ recipe: { name: "one" } });
    expect(imageView(read(), "__proto__", urlOf)).toBeUndefined();
  });
});

const written = (distribute: string) => sample.replace(/^distribute:\n(  .*\n)+/m, `distribute: ${distribute}\n`);
/** Into the definition of the first. */
const into = (name: string, versioning: string) =>
  named(name)
    .replace(`images/${name}`, "images/one")
    .replace(/  versioning:\n(    .*\n)+/, versioning);
const ofMajor = (major: number) => `  versioning: {scheme: Latest, major: ${major}}\n`;

describe("two recipes that would write the same", () => {
  it.each([
    ["versions of the same major", ofMajor(1)],
    ["versions that are counted by the date", ""],
  ])("are broken both: %s", (_, versioning) => {
    write(
      "two.yaml",
      into("two", versioning).replace(
        "/resourceGroups/rg-images",
        `/subscriptions/${planContext.subscriptionId}/resourceGroups/RG-IMAGES`,
      ),
    );
    const { recipes, broken } = read();
    expect([...recipes.keys()]).toEqual([]);
    expect([...broken.values()].map((faults) => faults.map(faultText))).toEqual([
      [expect.stringMatching(/^one.yaml:\d+:\d+: distribute.galleryImageId: writes the same image as two.yaml$/)],
      [expect.stringMatching(/^two.yaml:\d+:\d+: distribute.galleryImageId: writes the same image as one.yaml$/)],
    ]);
  });

  const group = "/resourceGroups/rg-images/providers/Microsoft.Compute";
  const regions = "targetRegions: [{name: westeurope}]";
  const version = (number: string) =>
    `{type: SharedImage, galleryImageId: ${group}/galleries/g/images/d/versions/${number}, ${regions}}`;
  const image = `{type: ManagedImage, imageId: ${group}/images/i}`;
  const disk = "{type: VHD, uri: 'https://disks1.blob.core.windows.net/vhds/a.vhd'}";

  it.each<[string, string, string, boolean]>([
    ["one managed image", image, image, true],
    ["one VHD", disk, disk, true],
    ["two VHDs", disk, disk.replace("/a.vhd", "/b.vhd"), false],
    ["one version", version("1.2.3"), version("1.2.3"), true],
    ["two versions", version("1.2.3"), version("1.2.4"), false],
    [
      "a version of a major that is counted",
      version("1.2.3"),
      `{type: SharedImage, galleryImageId: ${group}/galleries/g/images/d, versioning: {scheme: Latest, major: 1}, ${regions}}`,
      true,
    ],
  ])("are told by %s", (_, one, other, isSame) => {
    rmSync(join(folder, "one.yaml"));
    write("a.yaml", written(one).replace("name: aks-jumpbox", "name: a"));
    write("b.yaml", written(`[${other}]`).replace("name: aks-jumpbox", "name: b"));
    expect([...read().broken.keys()]).toEqual(isSame ? ["a", "b"] : []);
    rmSync(join(folder, "b.yaml"));
    write("a.yaml", written(`[${one}, ${other}]`).replace("name: aks-jumpbox", "name: a"));
    expect([...read().broken.values()].map((faults) => faults.map(faultText))).toEqual(
      isSame
        ? [[expect.stringMatching(/^a.yaml:\d+:\d+: distribute\[1\].*: writes the same image as another target$/)]]
        : [],
    );
  });

  it("are none where each has a major of its own", () => {
    write("two.yaml", into("two", ofMajor(2)));
    expect(read().broken.size).toBe(0);
  });
});
