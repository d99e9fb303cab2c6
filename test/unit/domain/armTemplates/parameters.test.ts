import { describe, expect, test } from "vitest";
import { deploymentOf, evaluated, find } from "../../../support/armTemplate.ts";

const faultOf = (fault: string) => ({ fault: expect.stringContaining(fault) });

describe("parameters", () => {
  test("have their default, unless they are given another value; names have no case", () => {
    const parameters = { Size: { type: "string", defaultValue: "[concat('Standard_', 'D2s_v5')]" } };
    expect(evaluated("[parameters('SIZE')]", { parameters })).toBe("Standard_D2s_v5");
    const given = { size: { kind: "value", value: "Standard_D4s_v5" } } as const;
    expect(evaluated("[parameters('size')]", { parameters }, { given })).toBe("Standard_D4s_v5");
  });

  test("given as text are read as their type says", () => {
    const parameters = { n: { type: "int" }, list: { type: "array" }, s: { type: "string" } };
    const given = {
      n: { kind: "text", text: "3" },
      list: { kind: "text", text: '["a"]' },
      s: { kind: "text", text: "3" },
    } as const;
    expect(
      evaluated("[createArray(parameters('n'), parameters('list')[0], parameters('s'))]", { parameters }, { given }),
    ).toEqual([3, "a", "3"]);
  });

  test("without default and value are told together, each once", () => {
    const parameters = { one: { type: "string" }, two: { type: "string" } };
    const found = find(
      deploymentOf({ a: "[parameters('one')]", b: "[parameters('two')]", c: "[parameters('one')]" }, { parameters }),
    );
    expect(found.kind === "faulty" && found.faults.map((one) => [one.describe(), one.need])).toEqual([
      ["parameters.one: has no default, and was given no value", "parameter"],
      ["parameters.two: has no default, and was given no value", "parameter"],
    ]);
  });

  test.each([
    [{ type: "int", minValue: 1, maxValue: 3 }, 4, "is above its maxValue, 3"],
    [{ type: "int", minValue: 1 }, 0, "is below its minValue, 1"],
    [{ type: "string", maxLength: 2 }, "abc", "is above its maxLength, 2"],
    [{ type: "string", allowedValues: ["a", "b"] }, "c", 'allows only "a", "b"'],
    [{ type: "array", allowedValues: ["a", "b"] }, ["a", "c"], 'allows only "a", "b"'],
    [{ type: "int" }, "4", "takes a value of the type int, not a string"],
    [{ type: "float" }, 4, "has the type float, which ARM has not"],
  ])("that do not fit their definition are refused: %o", (definition, value, fault) => {
    const given = { p: { kind: "value", value } } as const;
    expect(evaluated("[parameters('p')]", { parameters: { p: definition } }, { given })).toEqual(
      faultOf(`parameters.p: ${fault}`),
    );
  });

  test("that are nullable may be left out; types may be defined elsewhere", () => {
    const more = {
      languageVersion: "2.0",
      definitions: { sizes: { type: "array", items: { type: "string" } } },
      parameters: { sizes: { $ref: "#/definitions/sizes", nullable: true } },
    };
    expect(evaluated("[coalesce(parameters('sizes'), 'none')]", more)).toBe("none");
  });

  test("that hold a secret go into no template", () => {
    const parameters = { password: { type: "secureString" } };
    expect(
      evaluated("[parameters('password')]", { parameters }, { given: { password: { kind: "value", value: "x" } } }),
    ).toEqual(faultOf("parameters.password: is a secret"));
    expect(evaluated("[parameters('password')]", { parameters }, { given: { password: { kind: "secret" } } })).toEqual(
      faultOf("parameters.password: is a secret (of a key vault)"),
    );
  });

  test("that the template does not have are refused, as ARM does", () => {
    expect(evaluated("x", { parameters: {} }, { given: { other: { kind: "value", value: 1 } } })).toEqual(
      faultOf("is given the parameter other"),
    );
  });

  test("whose default is the time take that of the import, and say so; without a clock they are a fault", () => {
    const parameters = { baseTime: { type: "string", defaultValue: "[utcNow('yyyy-MM-dd')]" } };
    const now = new Date("2026-11-27T10:00:00Z");
    const found = find(deploymentOf({ at: "[parameters('baseTime')]" }, { parameters }), { target: { now } });
    expect(found).toMatchObject({ kind: "found", template: { resource: { properties: { at: "2026-11-27" } } } });
    expect(found.kind === "found" && found.notes).toEqual([
      {
        path: [],
        message: expect.stringContaining('the parameter baseTime has its value of this import, "2026-11-27"'),
      },
    ]);
    expect(evaluated("[parameters('baseTime')]", { parameters })).toEqual(
      faultOf("uses utcNow(), which is another each time: give the parameter baseTime a value"),
    );
  });
});

describe("what is not told of the deployment", () => {
  test("is asked for by what needs it", () => {
    expect(evaluated("[resourceGroup().location]", {}, { target: {} })).toEqual(faultOf("needs to know the location"));
    expect(evaluated("[resourceId('Microsoft.Compute/images', 'i')]", {}, { target: {} })).toEqual(
      faultOf("needs to know the resource group"),
    );
  });

  test("a subscription stays open in an id, and is missed where a text is made of it", () => {
    const target = { resourceGroup: "rg" };
    expect(evaluated("[resourceId('Microsoft.Compute/images', 'i')]", {}, { target })).toBe(
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/images/i",
    );
    expect(evaluated("[uniqueString(resourceGroup().id)]", {}, { target })).toEqual(
      faultOf("needs to know the subscription that it is deployed to, for uniqueString"),
    );
  });
});
