import { describe, expect, test } from "vitest";
import { goldsmith } from "../../../src/cli/goldsmith.ts";
import { parseRecipe } from "../../../src/domain/recipes/recipeFile.ts";
import { shortTemplate } from "../../support/imageTemplate.ts";

const TEMPLATE = JSON.stringify({
  parameters: { location: { type: "string", defaultValue: "[resourceGroup().location]" }, size: { type: "string" } },
  resources: [
    {
      ...shortTemplate({ vmProfile: { vmSize: "[parameters('size')]" } }),
      type: "Microsoft.VirtualMachineImages/imageTemplates",
      name: "ubuntu",
      location: "[parameters('location')]",
    },
  ],
});

function fileError(path: string, code: string): Error {
  return Object.assign(new Error(code), { code, path, syscall: "open" });
}

/** Runs the command on files that are in memory. */
function run(args: string[], files: Record<string, string | Uint8Array> = { "template.json": TEMPLATE }) {
  const result = { out: "", err: "", written: new Map<string, string>() };
  const code = goldsmith(args, {
    read: (file) => {
      const content = files[file];
      if (content === undefined) throw fileError(file, "ENOENT");
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    environmentsIn: () => [],
    recipesBelow: () => [],
    readRecipes: () => ({ recipes: new Map(), broken: new Map(), notes: new Map() }),
    write: (file, text) => {
      if (files[file] !== undefined) throw fileError(file, "EEXIST");
      result.written.set(file, text);
    },
    out: (text) => void (result.out += text),
    err: (text) => void (result.err += text),
    now: () => new Date("2026-11-27T00:00:00Z"),
  });
  return { code, ...result };
}

const TOLD = ["--location", "westeurope", "--parameters", "size=Standard_D2s_v5"];

describe("goldsmith import", () => {
  test("writes a recipe to standard output and notes to standard error", () => {
    const { code, out, err } = run(["import", "template.json", ...TOLD]);
    expect(code).toBe(0);
    expect(parseRecipe("ubuntu.yaml", out)).toMatchObject({
      kind: "recipe",
      recipe: { name: "ubuntu", location: "westeurope", vmProfile: { vmSize: "Standard_D2s_v5" } },
    });
    expect(err).toContain("template.json:1:");
    expect(err).toContain(": note: resources[0].apiVersion: was 2024-02-01, and is 2025-10-01 now\n");
  });

  test("takes parameters of files, of which later ones count more", () => {
    const files = {
      "template.json": TEMPLATE,
      "one.json": JSON.stringify({ parameters: { size: { value: "A" }, location: { value: "eastus" } } }),
      "two.json": JSON.stringify({ size: { value: "B" } }),
    };
    const { code, out } = run(
      ["import", "template.json", "--parameters", "one.json", "--parameters", "@two.json"],
      files,
    );
    expect(code).toBe(0);
    expect(out).toContain("location: eastus");
    expect(out).toContain("vmSize: B");
  });

  test("tells what is missing, where, and how to give it", () => {
    const { code, out, err } = run(["import", "template.json"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(
      "error: parameters.location.defaultValue: needs to know the location that it is deployed to, in [resourceGroup().location] (--location REGION)",
    );
    expect(err).toContain("error: parameters.size: has no default, and was given no value (--parameters NAME=VALUE)");
  });

  test("writes to a file that is not there yet, and says what it has to be called", () => {
    expect(
      run(["import", "template.json", ...TOLD, "--output", "images/ubuntu.yaml"]).written.get("images/ubuntu.yaml"),
    ).toContain("name: ubuntu");
    expect(run(["import", "template.json", ...TOLD, "--output", "x.yaml"]).err).toContain(
      "the file has to be called ubuntu.yaml",
    );
    expect(run(["import", "template.json", ...TOLD, "--output", "template.json"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("template.json is there already"),
    });
  });

  test("calls the recipe as the file, where the template has no name", () => {
    const files = { "images/Ubuntu_24.json": JSON.stringify(shortTemplate()) };
    expect(run(["import", "images/Ubuntu_24.json"], files)).toMatchObject({
      code: 0,
      out: expect.stringContaining("name: ubuntu-24\n"),
    });
  });

  test("reads what PowerShell writes in UTF-16", () => {
    const utf16 = Uint8Array.from([
      0xff,
      0xfe,
      ...Array.from(TEMPLATE).flatMap((sign) => [sign.charCodeAt(0) & 0xff, sign.charCodeAt(0) >> 8]),
    ]);
    expect(run(["import", "template.json", ...TOLD], { "template.json": utf16 }).code).toBe(0);
  });

  test.each([
    [["import"], 2, "takes one file"],
    [["import", "a", "b"], 2, "takes one file"],
    [["import", "nowhere.json"], 2, "cannot use nowhere.json: ENOENT"],
    [["import", "template.json", "--colour"], 2, "--colour"],
    [["import", "template.json", "--name", "Ubuntu"], 2, "a recipe's name is of small letters"],
    [["import", "template.json", "--parameters", "x.bicepparam"], 1, "az bicep build-params makes JSON of it"],
    [
      ["import", "template.json", "--resource", "other", ...TOLD],
      1,
      "has no image template that is called other; it has ubuntu (resources[0])",
    ],
    [["export"], 2, "there is no command export"],
    [[], 2, "goldsmith import FILE"],
  ])("%j ends in %i: %s", (args, code, message) => {
    expect(run(args)).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
  });

  test.each([[["help"]], [["--help"]], [["import", "--help"]], [["import", "-h"]]])("%j helps", (args) => {
    expect(run(args)).toMatchObject({ code: 0, out: expect.stringContaining("goldsmith import FILE"), err: "" });
  });
});
