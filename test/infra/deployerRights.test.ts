import { expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { fullParameters, parameterSets } from "../support/bicep/parameters.ts";
import { docTable } from "../support/docTable.ts";

/** What docs/deploy.md says that whoever deploys has to be allowed; `…` stands for what its cell has said before. */
const rights = docTable("deploy.md", "Rights of whoever deploys").map(([what = ""]) => what);
const spelled = rights.flatMap((cell) => {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  return names.map((name) => name.replace("…", names[0]?.replace(/\/[^/]+$/, "") ?? ""));
});

it("docs/deploy.md tells the right to write to each resource provider that infra/ writes to", () => {
  const types = parameterSets.flatMap(([, parameters]) => deployInfra(parameters).resources.map(({ type }) => type));
  const providers = [...new Set(types.map((type) => type.split("/")[0]?.replace("Microsoft.", "") ?? ""))];
  expect(providers.length).toBeGreaterThan(10);
  expect(providers.filter((one) => !new RegExp(`\\b${one}\\b`).test(rights.join()))).toEqual([]);
});

it("docs/deploy.md tells each right that it takes outside of the groups that are made", () => {
  const { resources } = deployInfra(fullParameters);
  const own = String(fullParameters.serviceResourceGroupId);
  const types = new Set(resources.flatMap(({ scope, type }) => (scope.startsWith(own) ? [] : type)));
  expect(types.size).toBeGreaterThan(5);
  expect([...types].map((type) => `${type}/write`).filter((right) => !spelled.includes(right))).toEqual([]);
});
