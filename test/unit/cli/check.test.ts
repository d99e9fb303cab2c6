import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goldsmith } from "../../../src/cli/goldsmith.ts";
import { environmentsIn, readCatalogue, recipesBelow } from "../../../src/recipes.ts";
import { shortTemplate } from "../../support/imageTemplate.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "..", "images", "aks-jumpbox.yaml"), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-check-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
const named = (name: string) => sample.replace("name: aks-jumpbox", `name: ${name}`);
const writeTemplate = (file: string) => write(file, JSON.stringify(shortTemplate()));

const overlay = (environment: string, content: string) => {
  mkdirSync(join(folder, "overlays", environment), { recursive: true });
  write(`overlays/${environment}/aks-jumpbox.yaml`, content);
};

function unused(): never {
  throw new Error("is not for this command");
}

function check(...args: string[]) {
  const result = { out: "", err: "" };
  const code = goldsmith(["check", ...args], {
    read: unused,
    write: unused,
    now: unused,
    readRecipes: readCatalogue,
    environmentsIn,
    recipesBelow,
    out: (text) => void (result.out += text),
    err: (text) => void (result.err += text),
  });
  return { code, ...result };
}

describe("goldsmith check", () => {
  test("takes scripts that are too long for a template where it is told the container that they are put into", () => {
    const container = `/subscriptions/${"1".repeat(8)}-1111-4111-8111-${"1".repeat(12)}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stscripts/blobServices/default/containers/c`;
    write("aks-jumpbox.yaml", sample.replace("customize:\n", "customize:\n  - {type: Shell, script: long.sh}\n"));
    write("long.sh", `#!/bin/sh\n${"echo one\n".repeat(10_000)}`);
    const refused = check(folder);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("which is larger than 64 KiB: set GOLDSMITH_SCRIPT_CONTAINER");
    expect(check(folder, "--script-container", container).code).toBe(0);
    expect(check(folder, "--script-container", "scripts").code).toBe(2);
  });

  test("says of sound recipes how many there are", () => {
    write("aks-jumpbox.yaml", sample);
    expect(check(folder)).toEqual({ code: 0, out: "1 recipe, 0 broken\n", err: "" });
  });

  test("tells notes with their places in the template, and exits with 0", () => {
    writeTemplate("ubuntu.json");
    write("ubuntu.yaml", "name: ubuntu\ndescription: a sample\ntemplate: ubuntu.json\n");
    const { code, out } = check(folder);
    expect(code).toBe(0);
    expect(out).toContain(`${folder}/ubuntu.json:1:15: note: apiVersion: was 2024-02-01, and is 2025-10-01 now\n`);
    expect(out).toMatch(/\n1 recipe, 0 broken\n$/);
  });

  test("tells what is wrong with a recipe, beside those that are sound, and exits with 1", () => {
    write("aks-jumpbox.yaml", sample);
    write("broken.yaml", "name: broken\nlocaton: westeurope\n");
    const { code, out } = check(folder);
    expect(code).toBe(1);
    expect(out).toContain(`${folder}/broken.yaml:2:1: error: locaton: `);
    expect(out).toContain("did you mean location?\n");
    expect(out).toMatch(/\n2 recipes, 1 broken\n$/);
  });

  test("tells of a pattern that is none, beside a recipe that is sound", () => {
    write("aks-jumpbox.yaml", sample);
    const parameter = "{type: string, description: d, pattern: '(b', default: b}";
    write("broken.yaml", `${named("broken")}\nparameters: {a: ${parameter}}\n`);
    const { code, out } = check(folder);
    expect(code).toBe(1);
    expect(out).toContain("error: parameters.a.pattern: is no regular expression: a parenthesis is left open");
    expect(out).toMatch(/\n2 recipes, 1 broken\n$/);
  });

  test("sees that two recipes write the same image once it knows the subscription that one of them names", () => {
    const subscription = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
    write("one.yaml", named("one"));
    write("two.yaml", named("two").replace("galleryImageId: ", `galleryImageId: /subscriptions/${subscription}`));
    expect(check(folder).code).toBe(0);
    expect(check(folder, "--subscription", subscription)).toMatchObject({
      code: 1,
      out: expect.stringContaining("writes the same image as two.yaml"),
    });
  });

  test("says of a recipe in a folder below that nobody looks for one there, and of no other file", () => {
    write("aks-jumpbox.yaml", sample);
    for (const below of ["team", "team/linux", "snippets", "files", ".git"]) mkdirSync(join(folder, below));
    write("team/linux/web.yaml", named("web"));
    write(".git/web.yaml", named("web"));
    write("snippets/a.yaml", "- {type: Shell, inline: [echo a]}\n");
    write("files/app.yaml", "name: app\nport: 80\n");
    write("files/broken.yaml", "name: [");
    overlay("test", "name: aks-jumpbox\ndistribute: {excludeFromLatest: true}\n");
    expect(check(folder)).toMatchObject({
      code: 0,
      err: `${folder}/team/linux/web.yaml: note: is built by nobody: recipes lie in ${folder} itself\n`,
    });
  });

  describe("with overlays", () => {
    test("checks the recipes as they are and as each environment has them, and tells what all have once", () => {
      write("aks-jumpbox.yaml", sample);
      write("broken.yaml", "name: [\n");
      overlay("production", "tags: {cost: a}\n");
      overlay("test", "locaton: x\n");
      const { code, out } = check(folder);
      expect(code).toBe(1);
      expect(out.split("\n")).toEqual([
        expect.stringContaining("broken.yaml:"),
        expect.stringContaining(`${folder}/overlays/test/aks-jumpbox.yaml:1:1: error: locaton: is not a field here`),
        "2 recipes, 1 broken",
        "2 recipes in production, 1 broken",
        "2 recipes in test, 2 broken",
        "",
      ]);
    });

    test("checks one environment alone, where it is told which", () => {
      write("aks-jumpbox.yaml", sample.replace("location: westeurope\n", ""));
      overlay("production", "location: westeurope\n");
      overlay("test", "locaton: x\n");
      expect(check(folder, "--environment", "production")).toEqual({
        code: 0,
        out: "1 recipe in production, 0 broken\n",
        err: "",
      });
      expect(JSON.parse(check(folder, "--environment", "test", "--json").out)).toMatchObject({
        environment: "test",
        images: [{ name: "aks-jumpbox", state: "broken" }],
        environments: [],
      });
    });

    test("tells each environment in JSON", () => {
      write("aks-jumpbox.yaml", sample);
      overlay("test", "locaton: x\n");
      expect(JSON.parse(check(folder, "--json").out)).toMatchObject({
        images: [{ state: "ready" }],
        environments: [{ environment: "test", images: [{ state: "broken" }] }],
      });
    });

    test("exits with 2 for an environment that has no overlays", () => {
      write("aks-jumpbox.yaml", sample);
      overlay("test", "tags: {}\n");
      expect(check(folder, "--environment", "tset")).toMatchObject({ code: 2, err: expect.stringContaining("tset") });
    });

    test("exits with 1 for a folder that can be of no environment, and checks all others", () => {
      write("aks-jumpbox.yaml", sample);
      overlay("test", "tags: {}\n");
      overlay("Prod", "tags: {}\n");
      expect(check(folder)).toEqual({
        code: 1,
        out: "1 recipe, 0 broken\n1 recipe in test, 0 broken\n",
        err: `${folder}/overlays/Prod: error: no environment can have that name\n`,
      });
      expect(check(folder, "--environment", "test").code).toBe(0);
    });

    test("takes other files among the overlays, and a file of their folder's name, for what they are", () => {
      write("aks-jumpbox.yaml", sample);
      overlay("test", "tags: {}\n");
      write("overlays/README.md", "Who changes what.\n");
      expect(check(folder)).toEqual({
        code: 0,
        out: "1 recipe, 0 broken\n1 recipe in test, 0 broken\n",
        err: "",
      });
      rmSync(join(folder, "overlays"), { recursive: true });
      write("overlays", "");
      expect(check(folder)).toEqual({ code: 0, out: "1 recipe, 0 broken\n", err: "" });
    });
  });

  test("tells the same in JSON", () => {
    writeTemplate("ubuntu.json");
    write("ubuntu.yaml", "name: ubuntu\ndescription: a sample\ntemplate: ubuntu.json\n");
    write("broken.yaml", "name: broken\nlocaton: westeurope\n");
    const { code, out } = check(folder, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      images: [
        {
          name: "broken",
          state: "broken",
          errors: expect.arrayContaining([expect.objectContaining({ file: "broken.yaml", line: 2, field: "locaton" })]),
          notes: [],
        },
        { name: "ubuntu", state: "ready", errors: [], notes: [{ file: "ubuntu.json", line: 1, field: "apiVersion" }] },
      ],
    });
  });

  test.each<[string, () => string[], string]>([
    ["a folder that is not there", () => [join(folder, "none")], "none: it takes the one that the recipes lie in"],
    ["a file", () => [import.meta.filename], `takes a folder, and reads all recipes in it: ${import.meta.dirname} for`],
    ["a folder without recipes", () => [folder], "has no recipes"],
    ["two folders", () => [folder, folder], "takes one folder"],
    ["an unknown option", () => [folder, "--colour"], "--colour"],
  ])("exits with 2 for %s", (_, args, message) => {
    mkdirSync(join(folder, "templates"));
    expect(check(...args())).toMatchObject({ code: 2, out: "", err: expect.stringContaining(message) });
  });

  test.each(["--help", "-h"])("%s helps", (option) => {
    expect(check(option)).toMatchObject({ code: 0, out: expect.stringContaining("goldsmith check [FOLDER]"), err: "" });
  });
});
