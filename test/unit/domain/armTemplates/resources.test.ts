import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/domain/json.ts";
import { deploymentOf, evaluated, find } from "../../../support/armTemplate.ts";

const TYPE = "Microsoft.VirtualMachineImages/imageTemplates";
const image = (name: string, more: JsonObject = {}): JsonObject => ({
  type: TYPE,
  apiVersion: "2024-02-01",
  name,
  properties: { name },
  ...more,
});
const nested = (template: JsonObject, more: JsonObject = {}, properties: JsonObject = {}): JsonObject => ({
  type: "Microsoft.Resources/deployments",
  apiVersion: "2022-09-01",
  name: "inner",
  properties: { mode: "Incremental", template, ...properties },
  ...more,
});
const INNER = { expressionEvaluationOptions: { scope: "inner" } };

function propertiesOf(resources: Json, options: Parameters<typeof find>[1] & { more?: JsonObject } = {}): unknown {
  const found = find(deploymentOf({}, { ...options.more, resources }), options);
  return found.kind === "found"
    ? found.template.resource["properties"]
    : found.faults.map((one) => one.describe()).join("; ");
}

describe("variables", () => {
  test("refer to each other, whatever their order and case", () => {
    const variables = { b: "[concat(variables('A'), 'b')]", a: "a" };
    expect(evaluated("[variables('B')]", { variables })).toBe("ab");
  });

  test("that are made out of themselves are a fault", () => {
    const variables = { a: "[variables('b')]", b: "[variables('a')]" };
    expect(evaluated("[variables('a')]", { variables })).toEqual({
      fault: expect.stringContaining("variables.a: is made out of itself"),
    });
  });

  test("may be made by a copy loop", () => {
    const variables = { copy: [{ name: "regions", count: 2, input: "[concat('region', copyIndex('regions', 1))]" }] };
    expect(evaluated("[variables('regions')]", { variables })).toEqual(["region1", "region2"]);
  });

  test("that nothing of the image template uses are not evaluated", () => {
    expect(evaluated("x", { variables: { bad: "[reference('x')]" } })).toBe("x");
  });
});

describe("copy loops", () => {
  test("in properties make an array", () => {
    const parameters = { regions: { type: "array", defaultValue: ["westeurope", "northeurope"] } };
    const loop = {
      copy: [
        {
          name: "targetRegions",
          count: "[length(parameters('regions'))]",
          input: { name: "[parameters('regions')[copyIndex('targetRegions')]]" },
        },
      ],
    };
    expect(evaluated(loop, { parameters })).toEqual({
      targetRegions: [{ name: "westeurope" }, { name: "northeurope" }],
    });
  });

  test("of a resource make several, of which one is chosen by its name", () => {
    const looped = image("[concat('image', copyIndex())]", {
      copy: { name: "images", count: 3 },
      properties: { index: "[copyIndex('images')]" },
    });
    expect(propertiesOf([looped], { wanted: "image2" })).toEqual({ index: 2 });
    expect(propertiesOf([looped])).toContain(
      "has 3 image templates, of which one has to be chosen: image0 (resources[0]), image1 (resources[0])",
    );
  });
});

describe("of several image templates", () => {
  test("the one that is asked for is taken, by name, symbol or path", () => {
    const resources = { first: image("one"), second: image("two") };
    for (const wanted of ["TWO", "second", "resources.second"])
      expect(propertiesOf(resources, { wanted })).toEqual({ name: "two" });
    expect(propertiesOf(resources, { wanted: "three" })).toContain(
      "has no image template that is called three; it has one (resources.first), two (resources.second)",
    );
  });

  test("those that are not deployed do not count", () => {
    const parameters = { windows: { type: "bool", defaultValue: false } };
    const resources = [
      image("windows", { condition: "[parameters('windows')]" }),
      image("linux"),
      image("other", { existing: true }),
    ];
    expect(propertiesOf(resources, { more: { parameters } })).toEqual({ name: "linux" });
    expect(propertiesOf([image("none", { condition: false })])).toContain(
      "deploys none of its image templates (none (resources[0]))",
    );
  });
});

describe("deployments inside", () => {
  const inner = {
    parameters: { size: { type: "string" } },
    variables: { own: "inner" },
    resources: [image("deep", { properties: { size: "[parameters('size')]", own: "[variables('own')]" } })],
  };
  const variables = { own: "outer" };

  test("with a scope of their own see their own parameters and variables", () => {
    const given = { parameters: { size: { value: "[variables('own')]" } } };
    expect(propertiesOf([nested(inner, {}, { ...INNER, ...given })], { more: { variables } })).toEqual({
      size: "outer",
      own: "inner",
    });
  });

  test("without one see those around them, as ARM does", () => {
    const parameters = { size: { type: "string", defaultValue: "around" } };
    expect(propertiesOf([nested(inner)], { more: { variables, parameters } })).toEqual({
      size: "around",
      own: "outer",
    });
  });

  test("may go to another resource group", () => {
    const template = { resources: [image("deep", { properties: { id: "[resourceGroup().name]" } })] };
    expect(propertiesOf([nested(template, { resourceGroup: "rg-other" }, INNER)])).toEqual({ id: "rg-other" });
  });

  test("give their outputs to others, by symbol and by id", () => {
    const gallery = {
      outputs: { id: { type: "string", value: "[concat('gallery-', parameters('n'))]" } },
      parameters: { n: { type: "string" } },
      resources: [],
    };
    const deployment = nested(gallery, { name: "gallery" }, { ...INNER, parameters: { n: { value: "one" } } });
    const byId = image("x", {
      properties: {
        id: "[reference(resourceId('Microsoft.Resources/deployments', 'gallery'), '2022-09-01').outputs.id.value]",
      },
    });
    expect(propertiesOf([deployment, byId])).toEqual({ id: "gallery-one" });
    const bySymbol = image("x", { properties: { id: "[reference('made').outputs.id.value]" } });
    expect(propertiesOf({ made: deployment, image: bySymbol })).toEqual({ id: "gallery-one" });
  });

  test("that link to another file are named as such", () => {
    const linked = {
      type: "Microsoft.Resources/deployments",
      name: "x",
      properties: { templateLink: { uri: "https://x.example/t.json" } },
    };
    expect(propertiesOf([linked])).toContain(
      "resources[0]: has no image template of its own, and a deployment that links to another file",
    );
  });
});

test("functions of the template's own see their parameters", () => {
  const functions = [
    {
      namespace: "contoso",
      members: {
        named: {
          parameters: [{ name: "suffix", type: "string" }],
          output: { type: "string", value: "[concat('image-', parameters('suffix'))]" },
        },
      },
    },
  ];
  expect(evaluated("[contoso.named('a')]", { functions })).toBe("image-a");
  expect(evaluated("[contoso.other('a')]", { functions })).toEqual({
    fault: expect.stringContaining("uses contoso.other(), a function that the template does not define"),
  });
});

test("property names may be expressions", () => {
  expect(evaluated({ "[concat('a', 'b')]": { c: "[[x]" } })).toEqual({ ab: { c: "[x]" } });
});

test("a template without an image template says so", () => {
  expect(propertiesOf([])).toContain("has no resource of the type Microsoft.VirtualMachineImages/imageTemplates");
});

test("what cannot be told of the name matters to nothing else", () => {
  expect(find(deploymentOf({}, { resources: [image("[reference('x').name]", { properties: {} })] }))).toMatchObject({
    kind: "found",
    template: { name: undefined },
  });
});
