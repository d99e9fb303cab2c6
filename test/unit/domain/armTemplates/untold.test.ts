/** What a template alone does not tell: it is done without, taken from beside, or asked for by its name. */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/domain/json.ts";
import { deploymentOf, find, TARGET } from "../../../support/armTemplate.ts";

const TYPE = "Microsoft.VirtualMachineImages/imageTemplates";
const image = (more: JsonObject): JsonObject => ({ type: TYPE, apiVersion: "2024-02-01", name: "image", ...more });
const deployment = (resource: JsonObject, more: JsonObject, inner: JsonObject = {}): JsonObject => ({
  type: "Microsoft.Resources/deployments",
  apiVersion: "2022-09-01",
  name: "inner",
  properties: {
    mode: "Incremental",
    expressionEvaluationOptions: { scope: "inner" },
    template: { resources: [resource], ...inner },
  },
  ...more,
});

/** The resource and its notes, or the faults with what would mend them. */
function found(resources: Json, more: JsonObject = {}, target = TARGET) {
  const result = find(deploymentOf({}, { resources, ...more }), { target });
  return result.kind === "found"
    ? {
        resource: result.template.resource,
        notes: result.notes.map(({ path, message }) => `${path.join(".")}: ${message}`),
      }
    : { faults: result.faults.map((one) => one.describe()), needs: result.faults.map((one) => one.need) };
}

describe("who builds and where, which the service decides on itself,", () => {
  test.each([
    ["only Azure knows", "[reference('identity').id]"],
    ["is a parameter that nobody gave a value", "[parameters('identityId')]"],
  ])("is left out with a note where it %s", (_, expression) => {
    const identity = { type: "UserAssigned", userAssignedIdentities: { [expression]: {} } };
    const properties = { stagingResourceGroup: expression, buildTimeoutInMinutes: 60 };
    expect(found([image({ identity, properties })], { parameters: { identityId: { type: "string" } } })).toEqual({
      resource: { apiVersion: "2024-02-01", properties: { buildTimeoutInMinutes: 60 } },
      notes: [
        expect.stringMatching(/^resources\.0\.identity: is left out, as it is not needed, and cannot be told: /),
        expect.stringMatching(/^resources\.0\.properties\.stagingResourceGroup: is left out/),
      ],
    });
  });
});

describe("a parameter", () => {
  test("whose default only Azure knows is asked for", () => {
    const parameters = { base: { type: "string", defaultValue: "[deployment().properties.templateLink.uri]" } };
    expect(found([image({ properties: { a: "[parameters('base')]" } })], { parameters })).toEqual({
      faults: [expect.stringMatching(/^parameters\.base\.defaultValue: .*: give the parameter base a value in /)],
      needs: ["parameter"],
    });
  });

  test("whose default is another GUID each time has one, the same for one import, and says so", () => {
    const parameters = Object.fromEntries(
      ["a", "b"].map((name) => [name, { type: "string", defaultValue: "[newGuid()]" }]),
    );
    const of = (now: Date) =>
      found(
        [image({ properties: { a: "[parameters('a')]", b: "[parameters('b')]", same: "[parameters('a')]" } })],
        { parameters },
        { ...TARGET, now },
      );
    const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const { resource, notes } = of(new Date("2026-11-28T09:00:00Z"));
    const { a, b, same } = (resource?.["properties"] ?? {}) as Record<string, string>;
    expect([a, b]).toEqual([expect.stringMatching(GUID), expect.stringMatching(GUID)]);
    expect(same).toBe(a);
    expect(b).not.toBe(a);
    expect(notes).toContainEqual(expect.stringContaining("the parameter a has its value of this import"));
    expect(of(new Date("2026-11-28T09:00:01Z")).resource).not.toEqual(resource);
  });

  test("of a deployment inside cannot be given from outside, and nobody is told to", () => {
    const inner = deployment(
      image({ properties: { a: "[parameters('n')]" } }),
      {},
      { parameters: { n: { type: "string" } } },
    );
    expect(found([inner])).toEqual({
      faults: [expect.stringContaining("the deployment that it belongs to gives it no value")],
      needs: [undefined],
    });
  });

  test("of a deployment inside whose default is the time can be imported, and nobody is told to give it", () => {
    const parameters = { at: { type: "string", defaultValue: "[utcNow()]" } };
    const inner = deployment(image({ properties: { a: "[parameters('at')]" } }), {}, { parameters });
    expect(found([inner])).toMatchObject({
      faults: [expect.stringContaining("uses utcNow(), which is another each time: goldsmith import takes it")],
      needs: [undefined],
    });
  });

  test("that is a secret is not asked for: it could not be taken", () => {
    const parameters = { password: { type: "secureString" } };
    expect(found([image({ properties: { a: "[parameters('password')]" } })], { parameters })).toEqual({
      faults: [expect.stringContaining("parameters.password: is a secret (securestring)")],
      needs: [undefined],
    });
  });
});

describe("a deployment into another resource group", () => {
  const into = deployment(image({ location: "[resourceGroup().location]" }), { resourceGroup: "rg-other" });

  test("takes its location from the group, where the template makes it", () => {
    const group = { type: "Microsoft.Resources/resourceGroups", name: "RG-other", location: "northeurope" };
    expect(found([group, into])).toMatchObject({ resource: { location: "northeurope" }, notes: [] });
  });

  test("takes the location that was told otherwise, and says so", () => {
    expect(found([into])).toMatchObject({
      resource: { location: "westeurope" },
      notes: [": the resource group rg-other is taken to lie in westeurope: nothing else tells"],
    });
    expect(found([into], {}, {})).toMatchObject({ needs: ["location"] });
  });

  test("of the same name is the same one", () => {
    const same = deployment(image({ location: "[resourceGroup().location]" }), {
      resourceGroup: "[resourceGroup().name]",
    });
    expect(found([same])).toMatchObject({ resource: { location: "westeurope" }, notes: [] });
  });
});

test("of several image templates one is asked for", () => {
  expect(found([image({}), image({ name: "other" })])).toMatchObject({ needs: ["resource"] });
});

test("where the deployment that has the image template is not done, that is told of it", () => {
  const skipped = deployment(image({}), { condition: "[parameters('withImage')]" });
  const parameters = { withImage: { type: "bool", defaultValue: false } };
  expect(found([skipped], { parameters })).toMatchObject({
    faults: [expect.stringContaining("inner (resources[0]) would, and with these parameters its condition is false")],
  });
});
