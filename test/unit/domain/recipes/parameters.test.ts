import { describe, expect, it } from "vitest";
import { planBuild } from "../../../../src/domain/plan.ts";
import { parseJsonBody } from "../../../../src/domain/jsonBody.ts";
import type { BuildRequest } from "../../../../src/domain/buildRequest.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { requestBodyFor } from "../../../../src/domain/recipes/parameters.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { planContext, request } from "../../../support/plan.ts";

const TARGET =
  "{type: SharedImage, galleryImageId: /resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/d, targetRegions: [{name: westeurope}]}";
const SHELL = "customize: [{type: Shell, inline: [a]}]";
const text = (parameters: string, more = SHELL) =>
  [
    "name: app",
    "description: d",
    "location: westeurope",
    "source: {type: PlatformImage, publisher: p, offer: o, sku: s}",
    `distribute: ${TARGET}`,
    "vmProfile: {vmSize: Standard_D2s_v5}",
    `parameters: {${parameters}}`,
    more,
  ].join("\n");

function toldOf(recipe: string): string[] {
  const parsed = parseRecipe("app.yaml", recipe);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

function recipeOf(parameters: string, more = SHELL) {
  const parsed = parseRecipe("app.yaml", text(parameters, more));
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  return parsed.recipe;
}

const ALL = String.raw`kubectl: {type: string, description: d, pattern: '\d+\.\d+', default: '1.2'}, tier: {type: string, description: d, allowed: [small, large], default: small}, size: {type: integer, description: d, allowed: [1, 2], default: 1}, debug: {type: boolean, description: d, default: false}, label: {type: string, description: d}`;

const planOf = (parameters: NonNullable<BuildRequest["parameters"]>, buildId = request.buildId) =>
  planBuild({ ...request, buildId, parameters }, recipeOf(ALL), planContext);

const bodyOf = (body: unknown) =>
  parseJsonBody(requestBodyFor(recipeOf(ALL).parameters), new TextEncoder().encode(JSON.stringify(body)), {
    contentType: "application/json",
    contentEncoding: null,
  });

describe("a recipe with parameters", () => {
  it.each<[string, string, string]>([
    [
      "a name in capitals",
      "Kubectl: {type: string, description: d}",
      "7:23: parameters.Kubectl: its name takes 1 to 40 letters",
    ],
    ["a name with a hyphen", "kube-ctl: {type: string, description: d}", "parameters.kube-ctl: its name takes"],
    [
      "the name of a prototype",
      "__proto__: {type: string, description: d}",
      "7:14: parameters.__proto__: is a name that nothing can have",
    ],
    ...["constructor", "toString", "valueOf", "hasOwnProperty"].map((name): [string, string, string] => [
      `the name ${name}`,
      `${name}: {type: string, description: d, default: a}`,
      `7:${name.length + 16}: parameters.${name}: its name is one that every object`,
    ]),
    ["no type", "a: {description: d}", "7:17: parameters.a.type: is missing; takes one of string, integer, boolean"],
    [
      "a type with a slip",
      "a: {type: strin, description: d}",
      "parameters.a.type: takes one of string, integer, boolean; did you mean string?",
    ],
    ["no description", "a: {type: string}", "parameters.a.description: is missing"],
    [
      "an unknown field",
      "a: {type: string, description: d, defualt: b}",
      "parameters.a.defualt: is not a field here; did you mean default?",
    ],
    [
      "a default of another type",
      "a: {type: integer, description: d, default: '5'}",
      "parameters.a.default: takes a number: write it without quotes",
    ],
    ["a default that is no whole number", "a: {type: integer, description: d, default: 1.5}", "parameters.a.default:"],
    [
      "a default that is not allowed",
      "a: {type: string, description: d, allowed: [b], default: c}",
      "7:71: parameters.a.default: takes one of b",
    ],
    [
      "a default that does not fit",
      "a: {type: string, description: d, pattern: b+, default: abb}",
      "parameters.a.default: takes what fits b+",
    ],
    [
      "a pattern that is none",
      "a: {type: string, description: d, pattern: '('}",
      "parameters.a.pattern: is no regular expression",
    ],
    [
      "a pattern that closes what it has not opened",
      "a: {type: string, description: d, pattern: 'a)|(b'}",
      "parameters.a.pattern: is no regular expression",
    ],
    [
      "a pattern with lookaround",
      "a: {type: string, description: d, pattern: '(?=a)b'}",
      "parameters.a.pattern: is no regular expression that RE2 takes",
    ],
    [
      "a pattern with a back reference",
      String.raw`a: {type: string, description: d, pattern: '(a)\1', default: aa}`,
      "parameters.a.pattern: is no regular expression that RE2 takes",
    ],
    [
      "a pattern that stands for a very long one",
      "a: {type: string, description: d, pattern: '(.?){999}(.?){999}', default: a}",
      "parameters.a.pattern: repeats too much",
    ],
    [
      "a default that a pattern could be tried on for ever",
      `a: {type: string, description: d, pattern: '(a+)+', default: ${"a".repeat(40)}!}`,
      "parameters.a.default: takes what fits (a+)+",
    ],
    [
      "a pattern of a number",
      "a: {type: integer, description: d, pattern: b}",
      "parameters.a.pattern: is not a field here",
    ],
    [
      "a default with a hidden character",
      String.raw`a: {type: string, description: d, default: "b\u202e"}`,
      "parameters.a.default: must not hold control",
    ],
    [
      "a secret as its default",
      "a: {type: string, description: d, default: password=hunter2-of-mine}",
      "parameters.a.default: looks like a secret",
    ],
    [
      "what is a secret by its name",
      "password: {type: string, description: d, default: hunter2-of-mine}",
      "parameters.password.default: looks like a secret",
    ],
    [
      "a secret among what it takes",
      "password: {type: string, description: d, allowed: [abc, geheim-1234], default: abc}",
      "parameters.password.allowed[1]: looks like a secret",
    ],
    [
      "more than there may be",
      Array.from({ length: 21 }, (_, at) => `a${at}: {type: boolean, description: d}`).join(),
      "parameters: takes at most 20 parameters",
    ],
  ])("is told where it is of %s", (_, parameters, told) => {
    expect(toldOf(text(parameters))).toContainEqual(expect.stringContaining(told));
  });

  it.each<[string, string, string]>([
    ["no step that reads them", "", "7:13: parameters: are read by nothing"],
    ["only steps that read nothing", "customize: [{type: WindowsUpdate}]", "parameters: are read by nothing"],
    [
      "a schedule and no default",
      `${SHELL}\nschedule: {cron: "0 2 * * *"}`,
      "9:11: schedule: needs a default of each parameter: there is none of a",
    ],
  ])("is broken with %s", (_, more, told) => {
    expect(toldOf(text("a: {type: string, description: d}", more))).toContainEqual(expect.stringContaining(told));
  });

  it("may have a schedule where each has a default", () => {
    const schedule = `${SHELL}\nschedule: {cron: "0 2 * * *"}`;
    expect(toldOf(text("a: {type: boolean, description: d, default: false}", schedule))).toEqual([]);
  });
});

describe("a request for a build of a recipe with parameters", () => {
  it.each([
    [{ label: "x" }],
    [{ label: "a b; $(c) `d` 'e' \"f\" ü", kubectl: "10.20", tier: "large", size: 2, debug: true }],
  ])("may set %j", (parameters) => {
    expect(bodyOf({ parameters })).toMatchObject({ kind: "parsed", value: { parameters } });
  });

  it.each<[string, unknown, string, string]>([
    ["an unknown one", { label: "x", kubctl: "1.2" }, "/parameters", "There is an unknown field: kubctl."],
    ["text for a number", { label: "x", size: "1" }, "/parameters/size", "takes a whole number"],
    ["a broken number", { label: "x", size: 1.5 }, "/parameters/size", "takes a whole number"],
    ["text for true", { label: "x", debug: "true" }, "/parameters/debug", "takes true or false"],
    ["a number for text", { label: 5 }, "/parameters/label", "takes text"],
    ["nothing for text", { label: null }, "/parameters/label", "takes text"],
    ["a value that is not allowed", { label: "x", tier: "huge" }, "/parameters/tier", "takes one of small, large"],
    ["a number that is not allowed", { label: "x", size: 3 }, "/parameters/size", "takes one of 1, 2"],
    [
      "more than what fits",
      { label: "x", kubectl: "1.2; rm" },
      "/parameters/kubectl",
      String.raw`takes what fits \d+\.\d+`,
    ],
    ["a line that hides another", { label: "x", kubectl: "1.2\n" }, "/parameters/kubectl", "control or format"],
    ["what is too long", { label: "x".repeat(501) }, "/parameters/label", "500"],
    ["a secret", { label: "Password=hunter2-of-mine" }, "/parameters/label", "looks like a secret"],
    ["not what has no default", {}, "/parameters/label", "is missing: it has no default"],
    ["a list", ["x"], "/parameters", "object"],
  ])("is refused with the field where it sets %s, and without the value", (_, parameters, pointer, detail) => {
    const body = bodyOf({ parameters });
    expect(body).toMatchObject({
      kind: "refused",
      problem: { status: 400, errors: expect.arrayContaining([{ pointer, detail: expect.stringContaining(detail) }]) },
    });
    expect(JSON.stringify(body)).not.toContain("hunter2");
  });

  it.each([["(a+)+"], ["(a|aa)*"], [`(?:a?){250}a{250}`], [String.raw`(\w*)*\d`]])(
    "is answered at once whatever value is tried on the pattern %s",
    (pattern) => {
      const { parameters } = recipeOf(`a: {type: string, description: d, pattern: '${pattern}'}`);
      for (const a of [`${"a".repeat(499)}!`, "a".repeat(499_999) + "!"]) {
        expect(requestBodyFor(parameters).safeParse({ parameters: { a } }).success).toBe(false);
      }
    },
  );

  it("is refused without any parameters where one has no default, and sets none where there are none", () => {
    expect(bodyOf({})).toMatchObject({ kind: "refused", problem: { errors: [{ pointer: "/parameters/label" }] } });
    const none = requestBodyFor({}).safeParse({ parameters: { a: 1 } });
    expect(none.error?.issues).toMatchObject([{ code: "unrecognized_keys", path: ["parameters"] }]);
  });
});

describe("a plan with parameters", () => {
  it("has those that were asked for, and the defaults of the others, in the recipe's order", () => {
    expect(JSON.stringify(planOf({ size: 2, label: "x" }).parameters)).toBe(
      '{"kubectl":"1.2","tier":"small","size":2,"debug":false,"label":"x"}',
    );
  });

  it("has byte by byte the same template and hash for the same values, in whatever order and however set", () => {
    const one = planOf({ label: "x", size: 2 });
    const other = planOf({ tier: "small", size: 2, label: "x" });
    expect(JSON.stringify(other.template)).toBe(JSON.stringify(one.template));
    expect(other.templateHash).toBe(one.templateHash);
    expect(other.sentHash).toBe(one.sentHash);
    expect(planOf({ label: "x", size: 2 }, "app-20260116-020000-test").templateHash).toBe(one.templateHash);
    expect(planOf({ label: "y", size: 2 }).templateHash).not.toBe(one.templateHash);
  });

  it("is none where the recipe has changed since they were asked for", () => {
    const asked = { ...request, parameters: { gone: "secret-like" } };
    expect(() => planBuild(asked, recipeOf("a: {type: boolean, description: d, default: true}"), planContext)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: "parameters-refused", owner: "requester" }) }),
    );
  });

  it("has no step of its own where the recipe has none", () => {
    const plan = planBuild(request, recipeOf(""), planContext);
    expect(plan.template.customize).toEqual([{ type: "Shell", inline: ["a"] }]);
    expect(plan).not.toHaveProperty("parameters");
  });
});
