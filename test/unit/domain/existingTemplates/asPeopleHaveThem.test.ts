/** Shapes in which image templates are kept, sent and shown, beside those that the template reference has. */
import { describe, expect, test } from "vitest";
import { importTemplate, toldText } from "../../../../src/domain/existingTemplates/importTemplate.ts";
import type { JsonObject } from "../../../../src/domain/json.ts";
import { shortTemplate } from "../../../support/imageTemplate.ts";

type Options = Parameters<typeof importTemplate>[1];

function importOf(value: unknown, options: Options = {}) {
  const result = importTemplate(JSON.stringify(value, null, 2), { name: "sample", ...options });
  const told = { notes: result.notes.map(toldText), faults: [] as string[], recipe: {} as JsonObject };
  return result.kind === "refused"
    ? { ...told, faults: result.faults.map(toldText) }
    : { ...told, recipe: result.recipe };
}

const typed = (type: string, more: JsonObject = {}) => importOf({ ...shortTemplate({}, more), type });

describe("a resource by itself, whose type", () => {
  test.each(["Microsoft.VirtualMachineImages", "microsoft.virtualmachineimages/imagetemplate"])(
    "is %s: it is what it is sent to, and a note says so",
    (type) => {
      const { recipe, notes } = typed(type);
      expect(recipe).toEqual(importOf(shortTemplate()).recipe);
      expect(notes).toContainEqual(expect.stringContaining(`type: is ${type}, and stands for`));
    },
  );

  test("has the API version behind an @, which counts where there is no apiVersion", () => {
    const { recipe, notes } = typed("Microsoft.VirtualMachineImages/imageTemplates@2022-07-01", { apiVersion: null });
    expect(recipe).toEqual(importOf(shortTemplate()).recipe);
    expect(notes).toContain("apiVersion: was 2022-07-01, and is 2025-10-01 now");
  });

  test("is another one of image builder's: it is refused", () => {
    expect(typed("Microsoft.VirtualMachineImages/imageTemplates/triggers").faults).toEqual([
      expect.stringContaining("is a resource of the type Microsoft.VirtualMachineImages/imageTemplates/triggers"),
    ]);
  });
});

describe("a list as the REST API shows it", () => {
  test("of one is that one, with its places in the file", () => {
    const { recipe, faults } = importOf({ value: [shortTemplate()] });
    expect({ recipe, faults }).toEqual({ recipe: importOf(shortTemplate()).recipe, faults: [] });
    expect(importOf({ value: [shortTemplate({ buildTimeoutInMinutes: 3 })] }).faults).toEqual([
      expect.stringContaining("value[0].properties.buildTimeoutInMinutes: is below 6"),
    ]);
  });

  test("of several is asked which", () => {
    const value = ["a", "b"].map((name) => ({ ...shortTemplate(), name }));
    expect(importOf({ value }).faults).toEqual([expect.stringContaining("value: is a list of 2")]);
    expect(importOf({ value }, { wanted: "B" }).faults).toEqual([]);
  });
});
