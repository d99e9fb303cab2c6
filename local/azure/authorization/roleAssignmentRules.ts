import { badRequest, errorsOf } from "../arm/errors.ts";
import { isWithin, lastName, sameId, type Target } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { principalExists } from "../managedIdentity/userAssignedIdentities.ts";
import { parseCondition } from "./condition.ts";
import { ConditionError } from "./conditionTokens.ts";
import { findRole } from "./roles.ts";

/** The role assignment that an error is about. */
interface About {
  scope: string;
  roleDefinition: string;
  /** What people call the role. */
  roleName: string;
  principalId: string;
  tenantId: string;
  /** Of an assignment of the same role, principal and scope, where that is told. */
  existing?: string;
}

/** What Azure says against a role assignment that is well-formed; a scenario can name each. */
export const assignmentErrors = {
  ...errorsOf(409, {
    RoleAssignmentExists: ({ existing }: Pick<About, "existing">) =>
      `The role assignment already exists.${
        existing ? ` The ID of the existing role assignment is ${existing.replaceAll("-", "")}.` : ""
      }`,
  }),
  ...errorsOf(400, {
    RoleAssignmentUpdateNotPermitted: () =>
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    PrincipalNotFound: ({ principalId, tenantId }: About) =>
      `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${tenantId}. Check that you have the correct ` +
      "principal ID. If you are creating this principal and then immediately assigning a role, this error might be " +
      "related to a replication delay. In this case, set the role assignment principalType property to a value, such " +
      "as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    RoleAssignmentScopeNotAssignableToRoleDefinition: ({ scope, roleName }: About) =>
      `The role assignment scope '${scope}' must match the assignable scopes of the role definition '${roleName}'.`,
    RoleDefinitionDoesNotExist: ({ roleDefinition }: Pick<About, "roleDefinition">) =>
      `The specified role definition with ID '${roleDefinition}' does not exist.`,
  }),
};

export type AssignmentError = keyof typeof assignmentErrors;

/** A role assignment as a client asks for it. */
export interface RequestedAssignment {
  /** The bare GUID of the role. */
  roleDefinition: string;
  principalId: string;
  principalType: string | undefined;
  condition: string | null;
  conditionVersion: string | null;
  description: string | null;
  delegatedManagedIdentityResourceId: string | null;
}

const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const PRINCIPAL_TYPES = ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"];

/**
 * @returns the type of the principal.
 * @throws AzureError for what can be said of the assignment by itself.
 */
export function checkAssignment(azure: Azure, target: Target, wanted: RequestedAssignment): string {
  if (!GUID.test(lastName(target.id))) {
    throw badRequest(
      "InvalidRoleAssignmentId",
      `The role assignment ID '${lastName(target.id)}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  if (!GUID.test(wanted.principalId))
    throw badRequest("InvalidPrincipalId", "A valid principal ID must be provided for role assignment.");
  if (wanted.principalType && !PRINCIPAL_TYPES.includes(wanted.principalType)) {
    throw badRequest("InvalidPrincipalType", `The principal type '${wanted.principalType}' is not valid.`);
  }
  checkCondition(wanted);
  const role = findRole(azure, wanted.roleDefinition);
  const { scope } = target;
  const about = { ...wanted, scope, roleName: role?.roleName ?? "", tenantId: azure.landscape.tenantId };
  const struck = azure.faults.take("assignment");
  if (struck) throw assignmentErrors[struck.effect.error](about);
  if (!role) throw assignmentErrors.RoleDefinitionDoesNotExist(about);
  if (!role.assignableScopes.some((assignable) => isWithin(assignable, scope))) {
    throw assignmentErrors.RoleAssignmentScopeNotAssignableToRoleDefinition(about);
  }
  if (!wanted.principalType && !principalExists(azure, wanted.principalId)) {
    throw assignmentErrors.PrincipalNotFound(about);
  }
  return principalTypeOf(azure, wanted);
}

/** @throws AzureError where another assignment has this scope, role and principal, or there are too many. */
export function requireNewPair(azure: Azure, scope: string, wanted: RequestedAssignment): void {
  const assignments = Object.values(azure.state.roleAssignments);
  const twin = assignments.find(
    (other) =>
      sameId(other.scope, scope || "/") &&
      sameId(other.roleDefinition, wanted.roleDefinition) &&
      sameId(other.principalId, wanted.principalId),
  );
  if (twin)
    throw assignmentErrors.RoleAssignmentExists(
      azure.settings.existingRoleAssignmentNamed ? { existing: twin.name } : {},
    );
  if (assignments.length >= azure.settings.roleAssignmentLimit) {
    throw badRequest("RoleAssignmentLimitExceeded", "The role assignment limit is reached for this subscription.");
  }
}

function checkCondition({ condition, conditionVersion }: RequestedAssignment): void {
  if (condition === null) return;
  if (conditionVersion !== "2.0") {
    throw badRequest(
      "InvalidConditionVersion",
      "A role assignment with a condition must have the condition version '2.0'.",
    );
  }
  try {
    parseCondition(condition);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw badRequest("InvalidCondition", `The condition of the role assignment is not valid: ${error.message}`);
  }
}

/** Who says the type vouches for the principal: it may not have reached this part of the directory yet. */
function principalTypeOf(
  azure: Azure,
  { principalId, principalType = "ServicePrincipal" }: RequestedAssignment,
): string {
  if (principalExists(azure, principalId) && principalType !== "ServicePrincipal") {
    throw badRequest(
      "UnmatchedPrincipalType",
      `The PrincipalId '${principalId}' has type 'ServicePrincipal' , which is different from specified PrinciaplType '${principalType}'.`,
    );
  }
  return principalType;
}
