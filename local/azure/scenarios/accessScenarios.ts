import type { AssignmentError } from "../authorization/roleAssignmentRules.ts";
import { behaves, scenario, type ScenarioTable } from "./scenario.ts";

const assignment = (source: string, does: string, error: AssignmentError) =>
  scenario(source, does, { on: "assignment", error }, "count");
const withheld = (source: string, does: string, action: string, conditionNotMet = false) =>
  scenario(source, does, { on: "rights", withheld: [action], conditionNotMet }, "count");
const lacks = (source: string, does: string, ...withheld: string[]) =>
  scenario(source, does, { on: "access", withheld }, "template");

/** What goes wrong with roles: when they are assigned, and when somebody has too few. */
export const accessScenarios: ScenarioTable = {
  "missing-destination-role": lacks(
    "1.5",
    "the template's identity may not write the image; it shows in distributing",
    "Microsoft.Compute/galleries/images/versions/write",
    "Microsoft.Compute/images/write",
  ),
  "missing-image-delete-role": lacks(
    "4",
    "the template's identity may not delete the managed image that the run before has left",
    "Microsoft.Compute/images/delete",
  ),
  "missing-network-role": lacks(
    "1.5",
    "the template's identity may not join the subnet",
    "Microsoft.Network/virtualNetworks/subnets/join/action",
  ),
  "gallery-not-readable": lacks(
    "errors #4, 1.5",
    "the template's identity may not read the image definition",
    "Microsoft.Compute/galleries/images/read",
  ),
  "source-not-readable": lacks(
    "errors #4, 1.5",
    "the template's identity may not read its source",
    "Microsoft.Compute/images/read",
    "Microsoft.Compute/galleries/images/versions/read",
  ),
  "missing-staging-role": lacks(
    "errors #11, 1.5",
    "the template's identity has no role on the staging group that it was given",
    "Microsoft.Compute/virtualMachines/write",
  ),
  "missing-identity-role": lacks(
    "2.3",
    "the template's identity may not hand out the identities of the machine",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
  ),

  "grant-never-propagates": {
    does: "role assignments made or removed from now on never take effect",
    source: "2.1",
    takes: ["role", "scope", "principal"],
    effects: [{ on: "propagation", seconds: null }],
  },
  "grant-propagates-in": {
    does: "role assignments made or removed from now on are noticed after `seconds` (600)",
    source: "2.1",
    takes: ["seconds", "role", "scope", "principal"],
    effects: [{ on: "propagation", seconds: 600 }],
  },
  "grant-not-readable-yet": behaves("2.1", "a role assignment cannot be read for 15 to 30 seconds after its PUT", {
    grantReadAfterWriteSeconds: { min: 15, max: 30 },
  }),
  "deny-assignment": {
    does: "a deny assignment forbids what writes, by `scope` and `principal`",
    source: "2.3",
    takes: ["scope", "principal"],
    effects: [{ on: "deny", actions: ["*/write", "*/delete", "*/action"] }],
  },
  "identical-grant-conflicts": behaves(
    "2.1",
    "PUT of a role assignment as it is already is refused, as old reports have it",
    { identicalRoleAssignment: "conflict" },
  ),

  "grant-exists": assignment(
    "2.1",
    "role, principal and scope are assigned already, under another name",
    "RoleAssignmentExists",
  ),
  "grant-update-not-permitted": assignment(
    "2.1",
    "the role assignment's name is taken by another",
    "RoleAssignmentUpdateNotPermitted",
  ),
  "principal-not-found": assignment(
    "errors #6, 2.1",
    "the directory does not know the principal yet",
    "PrincipalNotFound",
  ),
  "role-not-assignable": assignment(
    "2.1",
    "the custom role may not be assigned at that scope",
    "RoleAssignmentScopeNotAssignableToRoleDefinition",
  ),
  "role-not-found": assignment("2.1", "there is no such role", "RoleDefinitionDoesNotExist"),
  "grant-refused": withheld(
    "errors #5, 2.1",
    "the caller may not assign roles, or not this one",
    "Microsoft.Authorization/roleAssignments/write",
    true,
  ),
  "template-write-refused": withheld(
    "errors #5, 1.5",
    "the caller may not write templates",
    "Microsoft.VirtualMachineImages/imageTemplates/write",
  ),
  "identity-not-assignable": withheld(
    "1.5",
    "the caller may not hand out the template's identity",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
  ),
  "grant-limit-reached": behaves("2.1", "the subscription has as many role assignments as it may", {
    roleAssignmentLimit: 0,
  }),
};
