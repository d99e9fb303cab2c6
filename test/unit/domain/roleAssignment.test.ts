import { expect, it } from "vitest";
import { groundOf } from "../../../src/domain/roleAssignment.ts";
import { planOf } from "../../support/ground.ts";
import { grantOf } from "../../support/plan.ts";

const imageCreation = grantOf(planOf(), "image creation");

it.each([
  "/providers/Microsoft.Management/managementGroups/corp",
  "/",
  imageCreation.scope.toUpperCase(),
  imageCreation.scope.split("/").slice(0, 3).join("/"),
])("finds somebody else's grant of the same that reaches down from %s", (scope) => {
  const { principalId, roleDefinitionId } = imageCreation;
  const assignment = { id: "id", name: "name", scope, principalId, roleDefinitionId };
  const proof = { inLedger: false, servicePrincipals: [] };
  expect(groundOf(imageCreation, [assignment], proof)).toEqual({ kind: "foreign", assignments: [assignment] });
});
