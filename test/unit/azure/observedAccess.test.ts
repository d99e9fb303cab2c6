import { expect, it } from "vitest";
import type { ArmReader } from "../../../src/azure/armReader.ts";
import { observeAssignments } from "../../../src/azure/observedAccess.ts";

const [principal, group] = ["11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"];
const assigned = (principalId: string) => ({
  id: `/assignments/${principalId}`,
  properties: { scope: "/subscriptions/s", principalId, roleDefinitionId: "/roleDefinitions/reader" },
});

/** As Azure documents its filters, of which only assignedTo looks into groups. */
const reader: Pick<ArmReader, "list"> = {
  list: async (resource, _, { $filter = "" } = {}) => {
    const held = [principal, ...($filter.startsWith("assignedTo(") ? [group] : [])];
    return { resource, kind: "found", value: held.map(assigned) };
  },
};

it("sees role assignments of the groups that an identity is in, and tells them from its own", async () => {
  const seen = await observeAssignments(reader, "s", principal);
  const about = { scope: "/subscriptions/s", principalId: principal, roleDefinition: "reader", condition: undefined };
  expect(seen).toMatchObject({
    value: [
      { ...about, id: `/assignments/${principal}`, group: undefined },
      { ...about, id: `/assignments/${group}`, group },
    ],
  });
});
