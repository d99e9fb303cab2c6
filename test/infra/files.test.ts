import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { declarationsOf } from "../support/bicep/declarations.ts";
import { findingsOf } from "../support/bicep/findings.ts";
import { infraFiles, root } from "../support/bicep/infraFiles.ts";
import { readBicep } from "../support/bicep/readBicep.ts";
import { type BicepFile, type Expression, partsOf } from "../support/bicep/syntax.ts";

/** Extension resources are written where what they are on is: Bicep ties each to the kind of its scope. */
const WRITTEN_WHERE_NEEDED = /^Microsoft\.Authorization\/roleAssignments$|^Microsoft\.Insights\/diagnosticSettings$/;
/** What would be a secret, by its name or by how it is read. */
const SECRET = /[sS]ecret$|[pP]assword|[cC]onnectionString|[a-zA-Z]Keys?$|[tT]oken$|^sas$/;

const add = (to: Map<string, Set<string>>, type: string, one: string) =>
  to.set(type, (to.get(type) ?? new Set()).add(one));
const main = infraFiles.find(({ path }) => path === join(root, "infra", "main.bicep"));
const everything = infraFiles.flatMap((file) => declarationsOf(file).map((declared) => ({ file, declared })));

/** What of a file takes a secret, or gives one: by its name, by a decorator, or by what its value is made of. */
function secretsOf({ path, declarations }: BicepFile): string[] {
  /** Names of members and calls in a value, also in the variables that it is made of. */
  const namesIn = (value: Expression): string[] =>
    [...partsOf(value)].flatMap((part) => {
      if (part.kind === "member" || part.kind === "call") return [part.name];
      const variable = part.kind === "name" && declarations.find((one) => one.name === part.name);
      return variable && variable.kind === "variable" ? namesIn(variable.value) : [];
    });
  return declarations.flatMap((declared) => {
    if (declared.kind !== "parameter" && declared.kind !== "output") return [];
    const isSecure = declared.decorators.some(({ name }) => name === "secure");
    const names = declared.kind === "output" ? [declared.name, ...namesIn(declared.value)] : [];
    return isSecure || names.some((name) => SECRET.test(name)) ? [`${path} ${declared.name}`] : [];
  });
}

describe("the files of infra/", () => {
  it("parse, and resolve: names, functions, modules with their parameters and outputs, loops, scopes", () => {
    expect(infraFiles.length).toBeGreaterThan(10);
    expect(findingsOf(infraFiles, root)).toEqual([]);
  });

  it("are all reached from main.bicep, and have no parameters or modules of another kind beside them", () => {
    const used = everything.flatMap(({ file, declared }) =>
      declared.kind === "module" ? [join(file.path, "..", declared.path)] : [],
    );
    expect(infraFiles.map(({ path }) => path).filter((path) => path !== main?.path && !used.includes(path))).toEqual(
      [],
    );
    expect(globSync("infra/**/*.bicepparam", { cwd: root })).toEqual([]);
  });

  it("describe each parameter and output of main.bicep", () => {
    const described = main?.declarations.filter(({ kind }) => kind === "parameter" || kind === "output") ?? [];
    expect(described.length).toBeGreaterThan(10);
    expect(described.filter(({ decorators }) => decorators.every(({ name }) => name !== "description"))).toEqual([]);
  });

  it("take no secret and give none", () => {
    expect(infraFiles.flatMap(secretsOf)).toEqual([]);
  });

  it("say each type of resource in one file, in one version", () => {
    const files = new Map<string, Set<string>>();
    const versions = new Map<string, Set<string>>();
    for (const { file, declared } of everything) {
      if (declared.kind !== "resource" || declared.version === undefined) continue;
      add(versions, declared.type, declared.version);
      if (!declared.isExisting && !WRITTEN_WHERE_NEEDED.test(declared.type)) add(files, declared.type, file.path);
    }
    expect([...files].filter(([, paths]) => paths.size > 1)).toEqual([]);
    expect([...versions].filter(([, ones]) => ones.size > 1)).toEqual([]);
    const every = [...versions.values()].flatMap((ones) => [...ones]);
    expect(every.filter((version) => !/^20\d\d-\d\d-\d\d(-preview)?$/.test(version))).toEqual([]);
  });
});

it.each([
  ["a parameter that is secure", "@secure()\nparam a string"],
  ["an output that is secure", "@secure()\noutput a string = 'x'"],
  ["an output by its name", "output a_password string = 'x'"],
  ["an output of a member", "param one object\noutput a string = one.connectionString"],
  [
    "an output of a variable of one",
    "param one object\nvar two = one.primaryKey\nvar three = two\noutput a string = three",
  ],
])("a secret is seen in %s", (_, text) => {
  expect(secretsOf(readBicep("/x/main.bicep", text))).toHaveLength(1);
});

const module = { path: "/x/module.bicep", text: "param a string\nparam b string = a\noutput c string = b\n" };

describe("what reads them", () => {
  it.each([
    ["var a = b", "line 1: nothing is called b"],
    ["var a = 1\nvar a = 2\noutput b int = a", "a is declared twice"],
    ["param a string", "a is not used"],
    ["output a string = toLower()", "line 1: toLower does not take 0 values"],
    ["output a string = lower('x')", "line 1: no function is called lower"],
    ["output a string = utcNow()", "line 1: utcNow has no place here"],
    ["output a string = newGuid()", "line 1: newGuid has no place here"],
    ["output a string = loadTextContent('none.txt')", "line 1: there is no none.txt"],
    ["output a array = map([1], one => two)", "line 1: nothing is called two"],
    ["@secret()\nparam a string\noutput b string = a", "no decorator is called secret"],
    ["module a 'other.bicep' = {\n  name: 'a'\n}", "a: there is no other.bicep"],
    ["module a 'br:x.azurecr.io/y:1' = {\n  name: 'a'\n}", "a comes from a registry"],
    ["module a 'module.bicep' = {\n  params: { a: 'x' }\n}", "a has no name"],
    ["module a 'module.bicep' = [for x in ['1']: {\n  params: { a: x }\n}]", "a has no name"],
    ["module a 'module.bicep' = {\n  name: 'a'\n}", "a is not given a"],
    ["module a 'module.bicep' = {\n  name: 'a'\n  params: { a: 'x', d: 'y' }\n}", "a takes no d"],
    [
      "module a 'module.bicep' = {\n  name: 'a'\n  params: { a: 'x' }\n}\noutput b string = a.outputs.b",
      "a has no output b",
    ],
    [
      "module a 'module.bicep' = {\n  name: 'a'\n  scope: subscription()\n  params: { a: 'x' }\n}",
      "a is deployed to a resourceGroup",
    ],
    [
      "module a 'module.bicep' = [for x in ['1']: {\n  name: x\n  params: { a: x }\n}]\noutput b string = a.outputs.c",
      "a is many, and takes an index",
    ],
    [
      "output a array = concat([for x in [1]: x], [])",
      'a loop has no place in {"kind":"array","items":[{"kind":"literal","value":1}]}',
    ],
    [
      "resource a 'X.Y/z@2024-01-01' = {\n  name: 'a'\n}\nresource b 'X.Y/z@2024-01-01' = {\n  name: a.properties.name\n}",
      "b is named, placed, repeated or made by what is known only once something else is deployed",
    ],
    ["resource a 'X.Y/z@2024-01-01' existing = {\n  name: 'a'\n}", "a is not used"],
    [
      "resource a 'X.Y/z@2024-01-01' existing = {\n  name: 'a'\n}\noutput b string = a::c.id",
      "no resource is called c there",
    ],
  ])("finds in %j that %s", (text, finding) => {
    const files = [readBicep("/x/main.bicep", text), readBicep(module.path, module.text)];
    expect(findingsOf(files, "/x")).toContain(`main.bicep: ${finding}`);
  });

  it.each([
    ["var a = {\n  ...b\n}"],
    ["param a string ="],
    ["resource a 'x' {\n}"],
    ["output a resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>.name = 'b'"],
  ])("does not take %j for the language that it knows", (text) => {
    const read = () => findingsOf([readBicep("/x/main.bicep", text)], "/x");
    let found: string[];
    try {
      found = read();
    } catch {
      return;
    }
    expect(found.join()).toMatch(/does not parse/);
  });
});
