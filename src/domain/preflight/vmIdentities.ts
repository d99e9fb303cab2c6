import { subscriptionOf } from "../resourceId.ts";
import { isWithin } from "../roleAssignment.ts";
import { allows, type RoleDefinition, type StandingAssignment } from "./access.ts";
import { nameOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { assigned, type Ready } from "./roleMends.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";
import { TO_USE_BUILDER as TO_ASSIGN } from "./serviceNeeds.ts";

/** Managed Identity Operator. */
const OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";
/** Built-in roles that allow to assign an identity: it, Contributor and Owner. */
const ASSIGNING_ROLES = [OPERATOR, "b24988ac-6180-42a0-ab88-20f7382dd24c", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"];

export const vmIdentities = rule({
  name: "vm-identities",
  holds: "The builder may put the identities that the recipe names onto the build VM.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "vm-identity-not-assignable": {
      severity: "blocks",
      owner: "identity",
      why: "Image builder puts it onto the build VM as the builder identity; the template cannot be made without.",
    },
  },
  check({ plan, builderAssignments, customRoles }, find) {
    const held = valueOf(builderAssignments);
    if (!held) return [];
    const custom = valueOf(customRoles) ?? [];
    return (plan.template.vmProfile.userAssignedIdentities ?? [])
      .filter((id) => !held.some((one) => isWithin(id, one.scope) && letsAssign(one, custom)))
      .map((id) =>
        find("vm-identity-not-assignable", {
          resource: id,
          seen: "The builder holds no role to assign this identity.",
          mend: "Give the builder Managed Identity Operator on that identity, and accept that role assignment in GOLDSMITH_ACCEPTED_GRANTS.",
          ...letAssign(plan.builderPrincipalId, id),
        }),
      );
  },
});

function letAssign(principalId: string, id: string): Ready {
  const subscription = nameOf(subscriptionOf(id));
  return assigned({ subscription, name: "Managed Identity Operator", guid: OPERATOR, principalId, scope: id });
}

function letsAssign({ roleDefinition }: StandingAssignment, custom: readonly RoleDefinition[]): boolean {
  if (ASSIGNING_ROLES.includes(roleDefinition.toLowerCase())) return true;
  const role = custom.find(({ id }) => id.toLowerCase().endsWith(`/${roleDefinition.toLowerCase()}`));
  return role !== undefined && TO_ASSIGN.every((action) => allows(role.permissions, action));
}
