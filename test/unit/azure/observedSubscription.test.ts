import { expect, it } from "vitest";
import type { ArmReader } from "../../../src/azure/armReader.ts";
import { observePolicyAssignments } from "../../../src/azure/observedSubscription.ts";
import { policies } from "../../../src/domain/preflight/policies.ts";
import { ground } from "../../support/ground.ts";

const REQUIRE_A_TAG = "/providers/Microsoft.Authorization/policyDefinitions/96670d01-0a4d-4649-9c89-2d3abc0a5025";
const tag = (parameters: unknown) => ({
  id: "/policies/tag",
  name: "tag",
  properties: { policyDefinitionId: REQUIRE_A_TAG, parameters },
});

/** What is told of policy assignments as Azure lists them. */
async function told(...value: unknown[]) {
  const reader: Pick<ArmReader, "list"> = { list: async (resource) => ({ resource, kind: "found", value }) };
  const policyAssignments = await observePolicyAssignments(reader, "s");
  return policies.check(ground({ policyAssignments })).map(({ code, seen }) => [code, seen]);
}

it("judges a policy assignment of whose parameters all are understood", async () => {
  expect(await told(tag({ tagName: { value: "owner" } }))).toEqual([
    ["policy-denies", expect.stringContaining("would have no tag owner")],
  ]);
});

it.each([
  ["tag", tag({ tagName: {} })],
  ["tag", tag({ tagName: { value: 3, reference: {} }, others: "x" })],
  ["/policies/3", { id: "/policies/3", properties: { policyDefinitionId: 3 } }],
  ["odd", { name: "odd" }],
  ["one without a name", null],
])("names %s among those that it does not judge where it is not understood", async (name, assignment) => {
  expect(await told(assignment)).toEqual([["policies-not-judged", `In force and not judged: ${name}.`]]);
});
