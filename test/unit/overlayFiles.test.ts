import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { environmentsIn, readCatalogue } from "../../src/recipes.ts";
import { shortTemplate } from "../support/imageTemplate.ts";
import { planContext } from "../support/plan.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");
const { subscriptionId } = planContext;
const GALLERY = "/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-overlays-"));
  for (const environment of ["test", "production"])
    mkdirSync(join(folder, "overlays", environment), { recursive: true });
  write("aks-jumpbox.yaml", sample);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
const read = (environment?: string) => readCatalogue(folder, { subscriptionId, environment });
const sizeIn = (environment?: string) => read(environment).recipes.get("aks-jumpbox")?.vmProfile.vmSize;

describe("a catalogue with overlays", () => {
  it("has each recipe as the environment of the installation has it", () => {
    write("overlays/test/aks-jumpbox.yaml", "vmProfile: {vmSize: Standard_B2s}\n");
    write("overlays/production/aks-jumpbox.yaml", "vmProfile: {vmSize: Standard_D8s_v5}\n");
    expect([sizeIn("test"), sizeIn("production")]).toEqual(["Standard_B2s", "Standard_D8s_v5"]);
    expect([sizeIn(), sizeIn("elsewhere")]).toEqual(["Standard_D2s_v5", "Standard_D2s_v5"]);
    expect(environmentsIn(folder)).toEqual(["production", "test"]);
  });

  it("is broken by none of another environment", () => {
    write("overlays/test/aks-jumpbox.yaml", "vmProfil: {}\n");
    expect([...read("test").broken.keys()]).toEqual(["aks-jumpbox"]);
    expect([read("production").broken.size, read().broken.size]).toEqual([0, 0]);
  });

  it("has no two recipes that write the same where the environment has them apart", () => {
    write("two.yaml", sample.replace("name: aks-jumpbox", "name: two"));
    write("overlays/test/two.yaml", `distribute: {galleryImageId: "${GALLERY}/images/two"}\n`);
    expect([read("test").broken.size, read("production").broken.size]).toEqual([0, 2]);
  });

  it("changes a recipe of a template by the fields that it has of its own", () => {
    write("ubuntu.json", JSON.stringify(shortTemplate()));
    write("ubuntu.yaml", "name: ubuntu\ndescription: d\ntemplate: ubuntu.json\ntags: {a: b}\n");
    write("overlays/test/ubuntu.yaml", "tags: {a: c}\nschedule: {cron: 0 2 * * *}\n");
    write("overlays/production/ubuntu.yaml", "vmProfile: {vmSize: x}\n");
    expect(read("test").recipes.get("ubuntu")).toMatchObject({ tags: { a: "c" }, schedule: { cron: "0 2 * * *" } });
    expect(read("production").broken.get("ubuntu")?.map(faultText)).toEqual([
      "overlays/production/ubuntu.yaml:1:1: vmProfile: is told by the template: leave out one of the two",
    ]);
  });

  it.each<[string, string, () => void, string]>([
    [
      "that changes no recipe",
      "aks-jumbox",
      () => write("overlays/test/aks-jumbox.yaml", "tags: {}\n"),
      "overlays/test/aks-jumbox.yaml:1:1: the recipe: changes no recipe: there is no aks-jumbox.yaml; did you mean aks-jumpbox?",
    ],
    [
      "with another ending",
      "aks-jumpbox",
      () => write("overlays/test/aks-jumpbox.yml", "tags: {}\n"),
      "overlays/test/aks-jumpbox.yml:1:1: the recipe: must be called .yaml",
    ],
    [
      "of 10 MB",
      "aks-jumpbox",
      () => write("overlays/test/aks-jumpbox.yaml", "#".repeat(10_000_000)),
      "overlays/test/aks-jumpbox.yaml:1:1: the recipe: is larger than 256 KiB",
    ],
    [
      "that is a link out of the folder",
      "aks-jumpbox",
      () => symlinkSync("/etc/hostname", join(folder, "overlays/test/aks-jumpbox.yaml")),
      "overlays/test/aks-jumpbox.yaml:1:1: the recipe: leads out of the recipe's folder, by a link",
    ],
  ])("tells of an overlay %s, with its file", (_, image, prepare, told) => {
    prepare();
    expect(read("test").broken.get(image)?.map(faultText)).toEqual([told]);
    expect(read().broken.size).toBe(0);
  });
});
