import { expect, it } from "vitest";
import type { ArmReader } from "../../../src/azure/armReader.ts";
import { observeBesideSubnets } from "../../../src/azure/observedNetworks.ts";
import { routeTableId, securityGroupId, subnet, subnetId } from "../../support/ground.ts";

/** Shows what a subnet names by itself, and something strange where it is asked to expand that. */
const strange = (expanded: unknown): ArmReader => ({
  get: async (resource) => ({
    resource,
    kind: "found",
    value: resource === subnetId ? expanded : { id: resource, properties: {} },
  }),
  list: async (resource) => ({ resource, kind: "absent" }),
});

it.each([
  null,
  "text",
  {},
  { properties: null },
  { properties: { networkSecurityGroup: null, routeTable: "x" } },
  { properties: { networkSecurityGroup: { id: 3, properties: {} }, routeTable: { properties: {} } } },
  { properties: { networkSecurityGroup: { id: "/other", properties: {} }, routeTable: { id: routeTableId } } },
])("reads what a subnet names one by one where the subnet shows %j of it", async (expanded) => {
  const seen = await observeBesideSubnets(strange(expanded), [subnet({ securityGroupId, routeTableId })]);
  expect(seen.securityGroups).toMatchObject([{ resource: securityGroupId, value: { id: securityGroupId } }]);
  expect(seen.routeTables).toMatchObject([{ resource: routeTableId, value: { routes: [] } }]);
});
