import { array, assert, constantFrom, integer, jsonValue, letrec, oneof, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { builtIn } from "../../../../src/domain/armTemplates/builtIn.ts";
import type { Json, JsonObject } from "../../../../src/domain/json.ts";
import { deploymentOf, evaluated, find } from "../../../support/armTemplate.ts";

/** Each variable is twice the one before. */
function doubling(work: (before: string) => string, first: Json, count = 60): JsonObject {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `v${index}`,
      index === 0 ? first : work(`variables('v${index - 1}')`),
    ]),
  );
}

describe("a small template that stands for a huge one is refused", () => {
  test.each([
    ["texts", doubling((before) => `[concat(${before}, ${before})]`, "golden")],
    ["texts by format", doubling((before) => `[format('{0}{0}{0}', ${before})]`, "golden")],
    ["texts by join", doubling((before) => `[join(createArray('a', 'b', 'c'), ${before})]`, "golden")],
    ["texts by replace", doubling((before) => `[replace('aaa', 'a', ${before})]`, "golden")],
    ["arrays", doubling((before) => `[concat(${before}, ${before})]`, [1, 2])],
    ["arrays of arrays", doubling((before) => `[createArray(${before}, ${before})]`, 1)],
    ["objects", doubling((before) => `[createObject('a', ${before}, 'b', ${before})]`, 1)],
  ])("%s", (_, variables) => {
    const last = `[variables('v${Object.keys(variables).length - 1}')]`;
    expect(evaluated(last, { variables })).toEqual({ fault: expect.stringMatching(/takes more steps|longer than/) });
    expect(evaluated(`[equals(${last.slice(1, -1)}, ${last.slice(1, -1)})]`, { variables })).toEqual({
      fault: expect.stringMatching(/takes more steps|longer than/),
    });
  });

  test("nesting without end", () => {
    expect(evaluated(`[${"not(".repeat(2000)}true()${")".repeat(2000)}]`)).toEqual({
      fault: expect.stringContaining("nested too deeply"),
    });
    expect(evaluated(`[${"createArray(1)".concat("[0]".repeat(2000))}]`)).toEqual({
      fault: expect.stringMatching(/nested too deeply|asks a number/),
    });
    const chain = doubling((before) => `[concat(${before}, '')]`, "x", 2000);
    expect(evaluated("[variables('v1999')]", { variables: chain })).toEqual({
      fault: expect.stringContaining("nested too deeply"),
    });
    const recursive = [
      { namespace: "a", members: { b: { parameters: [], output: { type: "int", value: "[a.b()]" } } } },
    ];
    expect(evaluated("[a.b()]", { functions: recursive })).toEqual({
      fault: expect.stringContaining("nested too deeply"),
    });
  });

  test("loops within loops", () => {
    const loop = {
      copy: [
        {
          name: "a",
          count: 800,
          input: { copy: [{ name: "b", count: 800, input: { copy: [{ name: "c", count: 800, input: 1 }] } }] },
        },
      ],
    };
    expect(evaluated(loop)).toEqual({ fault: expect.stringContaining("takes more steps") });
    expect(evaluated({ copy: [{ name: "a", count: 801, input: 1 }] })).toEqual({
      fault: expect.stringContaining("takes a count from 0 to 800"),
    });
    expect(evaluated("[range(0, 1000000000)]")).toEqual({
      fault: expect.stringContaining("takes a count from 0 to 10000"),
    });
  });

  test("an expression longer than ARM takes", () => {
    expect(evaluated(`['${"x".repeat(25_000)}']`)).toEqual({
      fault: expect.stringContaining("longer than 24576 characters"),
    });
  });
});

test.each([
  '[json(\'{"__proto__": {"polluted": true}}\')]',
  "[createObject('__proto__', createObject('polluted', true()))]",
  "[toObject(createArray('__proto__'), lambda('x', lambdaVariables('x')))]",
])("no name reaches the prototype of anything: %s", (expression) => {
  expect(evaluated(expression)).toEqual({ fault: expect.stringContaining("__proto__") });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test.each(["constructor", "toString", "hasOwnProperty"])("%s is a name like any other", (name) => {
  expect(evaluated(`[parameters('${name}')]`, { parameters: {} })).toEqual({
    fault: expect.stringContaining(`asks for the parameter ${name}`),
  });
  expect(evaluated(`[createObject('a', 1).${name}]`)).toEqual({
    fault: expect.stringContaining(`asks for the property ${name}`),
  });
  expect(evaluated(`[${name}('a')]`)).toEqual({
    fault: expect.stringContaining(`uses ${name}(), a function that is not understood`),
  });
});

const FUNCTIONS =
  "concat format if and coalesce parameters variables copyIndex resourceId resourceGroup reference lambda map filter reduce sort toObject union substring split replace json base64ToString range tryGet uri int div max first skip items guid uniqueString utcNow padLeft createObject nowhere a.b".split(
    " ",
  );

const expressions = letrec<{ expression: string }>((tie) => ({
  expression: oneof(
    { maxDepth: 4 },
    string({ maxLength: 8 }).map((text) => `'${text.replaceAll("'", "''")}'`),
    integer().map(String),
    tuple(constantFrom(...FUNCTIONS), array(tie("expression"), { maxLength: 4 })).map(
      ([name, args]) => `${name}(${args.join(", ")})`,
    ),
    tuple(tie("expression"), constantFrom(".name", "[0]", "['x']", ".__proto__", ".outputs.x.value")).map(
      ([of, step]) => of + step,
    ),
  ),
})).expression;

/** It comes to an end, and in no other way. */
function holds(value: Json): void {
  const found = find(
    deploymentOf(value, {
      parameters: { x: { type: "object", defaultValue: { name: [1] } } },
      variables: { x: value },
    }),
  );
  expect(["found", "faulty"]).toContain(found.kind);
}

describe("evaluation ends in a value or in a fault of its own", () => {
  test("for any expression", () => {
    assert(
      property(expressions, (expression) => holds(`[${expression}]`)),
      { numRuns: 1500 },
    );
  });

  test("for any text between brackets", () => {
    const signs = string({
      unit: constantFrom(
        "'",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "a",
        "1",
        " ",
        "-",
        "\u{1F600}",
        "concat",
        "variables('x')",
      ),
      maxLength: 30,
    });
    assert(
      property(signs, (text) => holds(`[${text}]`)),
      { numRuns: 1500 },
    );
  });

  test("for any template", () => {
    assert(
      property(jsonValue({ maxDepth: 4 }), (value) => {
        const template = {
          resources: value as Json,
          parameters: value as Json,
          variables: value as Json,
          functions: value as Json,
        };
        expect(["found", "faulty"]).toContain(find(template).kind);
        holds(value as Json);
      }),
      { numRuns: 500 },
    );
  });

  test("every function is there under its name in lower case only", () => {
    expect(builtIn("concat")).toBeDefined();
    expect(builtIn("constructor")).toBeUndefined();
  });
});
