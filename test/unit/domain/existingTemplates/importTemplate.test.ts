import { assert, constantFrom, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { importTemplate, nameFrom } from "../../../../src/domain/existingTemplates/importTemplate.ts";
import type { JsonObject } from "../../../../src/domain/json.ts";
import { imageTemplateOf } from "../../../../src/domain/imageTemplate.ts";
import { parseRecipe } from "../../../../src/domain/recipeFile.ts";
import { TARGET } from "../../../support/armTemplate.ts";
import { everyField, shortTemplate } from "../../../support/imageTemplate.ts";

type Options = Parameters<typeof importTemplate>[1];

const imported = (value: unknown, options: Options = {}) =>
  importTemplate(JSON.stringify(value, null, 2), { name: "sample", ...options });

function faultsOf(value: unknown, options: Options = {}): string[] {
  const result = imported(value, options);
  return result.kind === "refused"
    ? result.faults.map(({ text, place }) => `${place.line}:${place.column} ${text}`)
    : [];
}

/** What Goldsmith sends for the recipe that is made of a template. */
function sentFor(template: JsonObject): JsonObject {
  const result = imported(template);
  if (result.kind === "refused") throw new Error(result.faults.map(({ text }) => text).join("\n"));
  const parsed = parseRecipe("sample.yaml", result.yaml);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  const { recipe } = parsed;
  const { subnetId, containerInstanceSubnetId } = recipe.vm;
  return imageTemplateOf(recipe, {
    buildId: "b",
    installationId: "i",
    identityId: "/builder",
    source: recipe.source,
    galleryImageId: recipe.distribute.galleryImageId,
    topology:
      subnetId && containerInstanceSubnetId
        ? { kind: "isolated", subnetId, containerInstanceSubnetId }
        : { kind: "none" },
  }) as unknown as JsonObject;
}

describe("import, recipe and template again", () => {
  test("is the same image template, but for what is documented", () => {
    const { vmProfile } = everyField()["properties"] as { vmProfile: { vnetConfig: JsonObject } };
    const template = shortTemplate(
      {
        customize: [
          { type: "Shell", name: "commands", inline: ["echo '<x>'", "multi\nline"] },
          {
            type: "Shell",
            name: "script",
            scriptUri: "https://scripts.example/a.sh",
            sha256Checksum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          },
          { type: "File", name: "file", sourceUri: "https://scripts.example/b", destination: "/tmp/b" },
        ],
        buildTimeoutInMinutes: 90,
        vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 64, vnetConfig: vmProfile.vnetConfig },
      },
      { tags: { purpose: "sample" } },
    );
    const {
      source,
      customize,
      distribute,
      buildTimeoutInMinutes,
      vmProfile: machine,
    } = template["properties"] as JsonObject;
    const sent = sentFor(template);
    expect(sent).toMatchObject({
      location: "westeurope",
      source,
      customize,
      buildTimeoutInMinutes,
      vmProfile: machine,
      tags: { purpose: "sample" },
    });
    const [{ runOutputName: _, ...target } = {}] = distribute as JsonObject[];
    expect(sent["distribute"]).toMatchObject([target]);
  });

  test("ids of a subscription that nobody told begin at the resource group", () => {
    const properties = {
      distribute: [
        {
          type: "SharedImage",
          runOutputName: "x",
          galleryImageId: "[resourceId('rg-images', 'Microsoft.Compute/galleries/images', 'g', 'i')]",
          replicationRegions: ["westeurope"],
        },
      ],
    };
    const resource = {
      ...shortTemplate(properties, { apiVersion: "2020-02-14" }),
      type: "Microsoft.VirtualMachineImages/imageTemplates",
      name: "x",
    };
    const result = imported({ resources: [resource] });
    expect(result).toMatchObject({
      kind: "imported",
      recipe: {
        distribute: { galleryImageId: "/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/i" },
      },
    });
    expect(result.kind === "imported" && parseRecipe("sample.yaml", result.yaml)).toMatchObject({ kind: "recipe" });
  });
});

describe("what a recipe cannot say yet is refused by its path", () => {
  test("field by field, none of them silently", () => {
    const faults = faultsOf(everyField()).map((text) => text.replace(/^\d+:\d+ /, ""));
    for (const path of [
      "customize[2].type",
      "customize[4].type",
      "customize[5].type",
      "optimize",
      "validate",
      "errorHandling",
      "stagingResourceGroup",
      "distribute[1]",
      "distribute[2]",
      "distribute[3]",
      "distribute[0].replicationMode",
      "vmProfile.userAssignedIdentities",
      "additionalDataDisks",
    ]) {
      expect(faults, path).toContainEqual(
        expect.stringMatching(new RegExp(`^properties\\.${path.replace(/[[\]]/g, "\\$&")}: `)),
      );
    }
  });
});

describe("what stands where is told with line and column", () => {
  test("for a bare resource, one in a deployment and JSON that is none", () => {
    const bad = shortTemplate({ buildTimeoutInMinutes: 3 });
    const [fault] = faultsOf(bad);
    const line =
      JSON.stringify(bad, null, 2)
        .split("\n")
        .findIndex((one) => one.includes("buildTimeoutInMinutes")) + 1;
    expect(fault).toBe(
      `${line}:30 properties.buildTimeoutInMinutes: is below 6, with which the build fails; 0 stands for 240`,
    );
    expect(importTemplate('{\n  "location": <region>\n}', {})).toMatchObject({
      kind: "refused",
      faults: expect.arrayContaining([
        { place: { line: 2, column: 15 }, text: expect.stringContaining("<region> looks like a placeholder") },
      ]),
    });
  });
});

describe("other files", () => {
  test.each([
    [
      "a parameter file",
      { $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", parameters: {} },
      "is a parameter file",
    ],
    [
      "another resource",
      { type: "Microsoft.Compute/images", properties: {} },
      "is a resource of the type Microsoft.Compute/images",
    ],
    ["something else", { properties: { roleName: "x" } }, "is no image template"],
    [
      "a list of several",
      [
        { ...everyField(), name: "a" },
        { ...everyField(), name: "b" },
      ],
      "is a list of 2, of which one has to be chosen: a, b",
    ],
    ["a text", "x", "holds no template"],
  ])("%s", (_, value, fault) => {
    expect(faultsOf(value)).toEqual([expect.stringContaining(fault)]);
  });

  test("a deployment as it was sent, with its parameters", () => {
    const { properties, ...rest } = shortTemplate();
    const resource = {
      ...rest,
      type: "Microsoft.VirtualMachineImages/imageTemplates",
      name: "[parameters('name')]",
      location: "[parameters('where')]",
      properties,
    };
    const template = { parameters: { name: { type: "string" }, where: { type: "string" } }, resources: [resource] };
    const sent = {
      properties: {
        mode: "Incremental",
        template,
        parameters: { name: { value: "My_Image 22" }, where: { value: "northeurope" } },
      },
    };
    expect(importTemplate(JSON.stringify(sent), { target: TARGET })).toMatchObject({
      kind: "imported",
      name: "my-image-22",
      recipe: { location: "northeurope" },
    });
  });
});

test.each([
  ["helloImageTemplate_01", "helloimagetemplate-01"],
  ["2024-win11", "win11"],
  ["a-very-long-name-of-an-image-template", "a-very-long-name-of-an"],
  ["___", undefined],
])("%s makes the recipe's name %s", (name, recipe) => {
  expect(nameFrom(name)).toBe(recipe);
});

/** One way or the other, and in no other way. */
function comesToAnEnd(text: string): void {
  expect(["imported", "refused"]).toContain(importTemplate(text, { name: "sample", target: TARGET }).kind);
}

describe("whatever the file holds, it is imported or refused", () => {
  test("any text, and any JSON", () => {
    assert(property(string(), comesToAnEnd));
    assert(property(jsonValue({ maxDepth: 4 }), (value) => comesToAnEnd(JSON.stringify(value))));
  });

  test("a template with any one part of it changed", () => {
    const text = JSON.stringify(everyField());
    const parts = [...text.matchAll(/"[^"]*"|\d+|true|false/g)];
    assert(
      property(constantFrom(...parts), jsonValue({ maxDepth: 1 }), (part, value) => {
        const [old] = part;
        // Names of properties as well: what is no JSON then is refused as such.
        comesToAnEnd(text.slice(0, part.index) + JSON.stringify(value) + text.slice(part.index + old.length));
      }),
      { numRuns: 500 },
    );
  });
});
