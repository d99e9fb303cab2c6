import { expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { fullParameters, leastParameters } from "../support/bicep/parameters.ts";

interface Workbook {
  items: { content: { query?: string; crossComponentResources?: string[] } }[];
  fallbackResourceIds: string[];
}

it.each([
  ["that are made", leastParameters],
  ["of the company's", fullParameters],
])("there is one workbook, which asks component and workspace %s, and nothing else", (_, parameters) => {
  const deployed = deployInfra(parameters);
  const idOf = (type: string, given: unknown) => (given as string | undefined) ?? ofType(deployed, type)[0]?.id ?? "";
  const workspace = idOf("Microsoft.OperationalInsights/workspaces", parameters.workspaceId);
  const component = idOf("Microsoft.Insights/components", parameters.componentId);
  const [workbook, ...others] = ofType(deployed, "Microsoft.Insights/workbooks").map(propertiesOf);
  expect(others).toEqual([]);
  expect(workbook).toMatchObject({ category: "workbook", sourceId: component });
  const text = String(workbook?.serializedData);
  expect(text).not.toMatch(/<[a-z]+>/i);
  const { items, fallbackResourceIds } = JSON.parse(text) as Workbook;
  const asked = items.flatMap(({ content }) => (content.query === undefined ? [] : [content]));
  expect(asked.length).toBeGreaterThan(5);
  for (const { query, crossComponentResources } of asked) {
    expect(query).toContain(`_ResourceId =~ "${component.toLowerCase()}"`);
    expect(crossComponentResources).toEqual([workspace]);
  }
  expect(fallbackResourceIds).toEqual([component.toLowerCase()]);
});
