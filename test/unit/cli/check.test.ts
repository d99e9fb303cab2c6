import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goldsmith } from "../../../src/cli/goldsmith.ts";
import { readCatalogue } from "../../../src/recipes.ts";
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
    out: (text) => void (result.out += text),
    err: (text) => void (result.err += text),
  });
  return { code, ...result };
}

describe("goldsmith check", () => {
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
    ["a folder that is not there", () => [join(folder, "none")], "none: ENOENT"],
    ["a file", () => [import.meta.filename], "ENOTDIR"],
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
