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

const galleryIn = (subscription: string) => {
  const galleryImageId = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/i`;
  return importOf(shortTemplate({ distribute: [{ type: "SharedImage", runOutputName: "x", galleryImageId }] })).faults;
};

describe("what was to be replaced, and was not,", () => {
  test.each([
    "<subscription id>",
    "{subscription-id}",
    "{{sub}}",
    "${SUB}",
    "#{sub}",
    "$(sub)",
    "%sub%",
    "$SUB",
    "@@sub@@",
    "__sub__",
  ])("is told as the placeholder %s", (placeholder) => {
    expect(galleryIn(placeholder)).toEqual([
      `properties.distribute[0].galleryImageId: still has the placeholder ${placeholder}: put what it stands for in its place`,
    ]);
  });

  test.each(["YOUR-SUBSCRIPTION", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"])(
    "is told as no subscription's id: %s",
    (id) => {
      expect(galleryIn(id)).toEqual([expect.stringContaining(`: ${id} is no subscription's id`)]);
    },
  );

  test("is told as nobody's subscription where it is all zeros", () => {
    expect(galleryIn("00000000-0000-0000-0000-000000000000")).toEqual([
      expect.stringMatching(/galleryImageId: still has the subscription 0{8}-.*, which is nobody's/),
    ]);
  });

  test("is not seen in URLs that have such letters, and mean them", () => {
    const customize = ["$web/a_1.sh", "%C3%A4.sh", "__a__/b.sh", "v@2/@scope@/c.sh"].map((path) => ({
      type: "Shell",
      scriptUri: `https://scripts.example/${path}`,
    }));
    expect(importOf(shortTemplate({ customize })).faults).toEqual([]);
    expect(
      importOf(shortTemplate({ customize: [{ type: "Shell", scriptUri: "https://{account}.example/a" }] })).faults,
    ).toEqual([expect.stringContaining("still has the placeholder {account}")]);
  });
});

const stepsOf = (...customize: JsonObject[]) => importOf(shortTemplate({ customize })).recipe["customize"];

describe("what image builder takes, and does not heed,", () => {
  test("is left out: empty lists in a step", () => {
    const step = { type: "PowerShell", scriptUri: "https://scripts.example/a.ps1" };
    expect(stepsOf({ ...step, inline: [], validExitCodes: [] })).toEqual([{ ...step, unchecked: true }]);
  });

  test("is left out: empty texts of a step, but for an empty line of its script", () => {
    const update = { type: "WindowsUpdate", updateLimit: 20 };
    const script = { type: "Shell", inline: ["echo a", "", "echo b"] };
    expect(stepsOf({ ...update, name: "", searchCriteria: "" }, { ...script, name: "" })).toEqual([update, script]);
    expect(stepsOf(script)).toEqual([script]);
  });

  test("is left out with a note: steps where only the source is validated", () => {
    const validate = { sourceValidationOnly: true, inVMValidations: [{ type: "Shell", inline: ["true"] }] };
    const { recipe, notes } = importOf(shortTemplate({ validate, customize: [{ type: "Shell", inline: ["true"] }] }));
    expect(recipe).toEqual(importOf(shortTemplate({ validate })).recipe);
    expect(notes).toContainEqual(expect.stringMatching(/^properties\.customize: is left out/));
  });
});

describe("what is wrong is told once, with what to do about it:", () => {
  test("a token in a URL", () => {
    const scriptUri = "https://account.blob.core.windows.net/scripts/a.sh?sv=2024-11-04&sp=r&sig=abc%3D";
    expect(importOf(shortTemplate({ customize: [{ type: "Shell", scriptUri }] })).faults).toEqual([
      expect.stringMatching(/customize\[0\]\.scriptUri: .* let the builder read it by a role/),
    ]);
  });

  test("the id of a definition where that of a version is to stand", () => {
    const imageVersionId = "/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/i";
    expect(importOf(shortTemplate({ source: { type: "SharedImageVersion", imageVersionId } })).faults).toEqual([
      expect.stringContaining("but of its definition: /versions/latest behind it would be the newest"),
    ]);
  });

  test("a missing location, which can be given", () => {
    const result = importTemplate(JSON.stringify(shortTemplate({}, { location: null })), { name: "sample" });
    expect(result).toMatchObject({ kind: "refused", faults: [{ message: "is missing", need: "location" }] });
  });
});
