import { assert, constantFrom, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { importTemplate, nameFrom, toldText, yamlOf } from "../../../../src/domain/existingTemplates/importTemplate.ts";
import type { JsonObject } from "../../../../src/domain/json.ts";
import { destinationsOf } from "../../../../src/domain/destination.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { imageTemplateOf } from "../../../../src/domain/imageTemplate.ts";
import { sourceOf } from "../../../../src/domain/recipes/descent.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { TARGET } from "../../../support/armTemplate.ts";
import { everyField, shortTemplate } from "../../../support/imageTemplate.ts";

type Options = Parameters<typeof importTemplate>[1];

const imported = (value: unknown, options: Options = {}) =>
  importTemplate(JSON.stringify(value, null, 2), { name: "sample", ...options });

function faultsOf(value: unknown, options: Options = {}): string[] {
  const result = imported(value, options);
  return result.kind === "refused"
    ? result.faults.map((one) => `${one.place.line}:${one.place.column} ${toldText(one)}`)
    : [];
}

/** What Goldsmith sends for the recipe that is made of a template, without the tags that are its own. */
function sentFor(template: JsonObject): JsonObject {
  const result = imported(template);
  if (result.kind === "refused") throw new Error(result.faults.map(toldText).join("\n"));
  const parsed = parseRecipe("sample.yaml", yamlOf(result.recipe));
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  const { recipe } = parsed;
  const { subnetId = "", containerInstanceSubnetId = "" } = recipe.vmProfile.vnetConfig ?? {};
  const { identity: _, ...sent } = imageTemplateOf(recipe, {
    buildId: "b",
    installationId: "i",
    identityId: "/builder",
    source: sourceOf(recipe, new Map(), ""),
    destinations: destinationsOf(recipe.distribute, recipe.location, TARGET.subscriptionId ?? ""),
    topology: subnetId === "" ? { kind: "none" } : { kind: "isolated", subnetId, containerInstanceSubnetId },
    vmIdentities: recipe.vmProfile.userAssignedIdentities ?? [],
  });
  const bare = JSON.stringify(sent)
    .replaceAll(/"goldsmith-[a-z]+":"[^"]*",?/g, "")
    .replaceAll(",}", "}");
  return JSON.parse(bare) as JsonObject;
}

describe("import, recipe and template again", () => {
  test("is the same image template in every field, but for what is documented", () => {
    const template = everyField();
    const {
      autoRun: _run,
      stagingResourceGroup: _group,
      distribute,
      ...alike
    } = template["properties"] as { distribute: JsonObject[] } & JsonObject;
    // Its tags go onto the image and what is made for the build as well.
    const [gallery = {}, version = {}, managed = {}, disk = {}] = distribute;
    const targets = [gallery, { ...version, versioning: null, targetRegions: [{ name: "westeurope" }] }, managed, disk];
    const sent = sentFor({ ...template, tags: {}, properties: { ...alike, distribute: targets } });
    expect(sent).toMatchObject({ location: "westeurope", ...alike });
    expect(sent["distribute"]).toMatchObject([
      gallery,
      { runOutputName: "source", galleryImageId: version["galleryImageId"] ?? "" },
      managed,
      disk,
    ]);
  });

  test("is the same for a short one", () => {
    const { location, properties } = shortTemplate();
    expect(sentFor(shortTemplate())).toMatchObject({
      location,
      ...(properties as JsonObject),
      buildTimeoutInMinutes: 240,
    });
  });

  test("what is fetched without a checksum is taken, with a note, and sent as it was", () => {
    const properties = {
      customize: [
        { type: "Shell", scriptUri: "https://x.example/a" },
        { type: "File", sourceUri: "https://x.example/f", destination: "/tmp/f" },
      ],
      validate: { inVMValidations: [{ type: "Shell", scriptUri: "https://x.example/v" }] },
      optimize: { workload: { state: "Enabled", scriptUri: "https://x.example/w" } },
    };
    expect(sentFor(shortTemplate(properties))).toMatchObject(properties);
    expect(JSON.stringify(sentFor(shortTemplate(properties)))).not.toContain("unchecked");
    const places = imported(shortTemplate(properties)).notes.filter(({ message }) => message.includes("unchecked"));
    expect(places.map(({ field }) => field)).toEqual([
      "properties.customize[0]",
      "properties.customize[1]",
      "properties.validate.inVMValidations[0]",
      "properties.optimize.workload",
    ]);
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
    expect(result.kind === "imported" && parseRecipe("sample.yaml", yamlOf(result.recipe))).toMatchObject({
      kind: "recipe",
    });
  });
});

describe("what a recipe cannot say is refused by its path", () => {
  test.each([
    [
      { distribute: [{ type: "VHD", runOutputName: "vhd" }] },
      "properties.distribute[0].uri: cannot be said in a recipe: is missing: without one the VHD",
    ],
    [
      { customize: [{ type: "Shell", inline: ["x"], scriptUri: "https://x.example/a" }] },
      "properties.customize[0].scriptUri: cannot be said in a recipe: takes either inline or scriptUri",
    ],
    [
      { customize: [{ type: "Shell", scriptUri: "https://x.example/a?sig=abc" }] },
      "properties.customize[0].scriptUri: cannot be said in a recipe: holds a token, sig",
    ],
    [
      { customize: [{ type: "Shell", inline: ["export PASSWORD=hunter2hunter2"] }] },
      "properties.customize[0].inline[0]: looks like a secret in plain text",
    ],
  ])("%j", (properties, fault) => {
    expect(faultsOf(shortTemplate(properties))).toContainEqual(expect.stringContaining(fault));
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
        {
          field: "",
          place: { line: 2, column: 15 },
          message: expect.stringContaining("<region> looks like a placeholder"),
        },
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
