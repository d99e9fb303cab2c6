import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { docTable } from "../../support/docTable.ts";
import parameters from "../../../infra/main.parameters.json" with { type: "json" };

const textOf = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", "..", "..", ...path), "utf8");
const page = textOf("docs", "deploy.md");

it("tells of every parameter with the default and the words of the template", () => {
  const declared = textOf("infra", "main.bicep").matchAll(/((?:^@.*\n)+)param (\w+) \w+(?: = (.*))?$/gm);
  const none = new Set(["''", "[]", "{}"]);
  const wanted = [...declared].map(([, decorators = "", name, value]) => {
    const words = /^@description\('(.*)'\)$/m.exec(decorators)?.[1]?.replaceAll("\\'", "'") ?? "";
    const choices = [...(/^@allowed\(\[(.*)\]\)$/m.exec(decorators)?.[1] ?? "").matchAll(/'(.*?)'/g)];
    const told = choices.length > 0 ? `${words} One of ${choices.map(([, one]) => `\`${one}\``).join(", ")}.` : words;
    if (value === undefined) return [`\`${name}\``, "–", told];
    if (none.has(value)) return [`\`${name}\``, "none", told];
    return [
      `\`${name}\``,
      value === "deployment().location"
        ? "the deployment's"
        : `\`${value.startsWith("[") ? value.replaceAll("'", '"') : value.replaceAll("'", "")}\``,
      told,
    ];
  });
  expect(docTable("deploy.md", "Parameters")).toEqual(wanted);
});

it("sets no variable of azd's that the template does not read", () => {
  const read = Object.values(parameters.parameters).map(({ value }) => value.replaceAll(/[${}]/g, ""));
  const set = [...page.matchAll(/azd env set (\w+)/g)].map(([, name]) => name);
  expect(set.length).toBeGreaterThan(5);
  expect(set.filter((name = "") => ![...read, "AZURE_SUBSCRIPTION_ID"].includes(name))).toEqual([]);
});

it("tells of every application setting that is deployed", () => {
  const told = docTable("deploy.md", "Application settings").map(([name = ""]) => name.replaceAll(/`|…/g, ""));
  const names = textOf("infra", "modules", "appSettings.bicep") + textOf("infra", "modules", "functionApp.bicep");
  const deployed = [...names.matchAll(/^ +'?((?:[A-Z]+_|AzureWebJobs|AzureFunctionsJobHost)\w+)(?:\$\{.*\}')?:/gm)];
  const prefixes = names.matchAll(/'(GOLDSMITH_\w+_SECRET_)\$/g);
  const set = [...deployed, ...prefixes].map(([, name = ""]) => name);
  expect(set.length).toBeGreaterThan(40);
  const isTold = (name: string) => told.some((one) => one === name || (/__?$/.test(one) && name.startsWith(one)));
  expect(set.filter((name) => !isTold(name))).toEqual([]);
});
