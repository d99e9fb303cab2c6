import { v5 as uuidv5 } from "uuid";

/** Names of ours are told apart from everybody else's UUIDv5 names by this namespace. */
const NAMESPACE = "0b9f5a4e-6f0b-5d5f-9d3c-5a1f0c7e9b42";

/** A role assignment that a build needs, fixed in its plan before anything is called. */
export interface Grant {
  /** What the builder may do while it is held. */
  role: "image creation" | "network join";
  /** The role assignment's name: a GUID that follows from installation, scope, principal and role. */
  name: string;
  scope: string;
  principalId: string;
  roleDefinitionId: string;
}

/**
 * The same installation, scope, principal and role always give the same name, so that a grant whose answer was lost
 * is found again and never doubled. Ids count without case, as Azure compares them.
 */
export function planGrant(
  installationId: string,
  subscriptionId: string,
  grant: { role: Grant["role"]; scope: string; principalId: string; roleDefinition: string },
): Grant {
  const { role, scope, principalId, roleDefinition } = grant;
  return {
    role,
    scope,
    principalId,
    roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinition}`,
    name: uuidv5([installationId, scope, principalId, roleDefinition].join("|").toLowerCase(), NAMESPACE),
  };
}

export function roleAssignmentId(grant: Pick<Grant, "scope" | "name">): string {
  return `${grant.scope}/providers/Microsoft.Authorization/roleAssignments/${grant.name}`;
}
