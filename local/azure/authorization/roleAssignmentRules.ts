import { AzureError } from "../arm/errors.ts";
import { isWithin, lastName, sameId, type Target } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { principalExists } from "../managedIdentity/principals.ts";
import { parseCondition } from "./condition.ts";
import { ConditionError } from "./conditionTokens.ts";
import { findRole } from "./roles.ts";

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
    throw bad(
      "InvalidRoleAssignmentId",
      `The role assignment ID '${lastName(target.id)}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  if (!GUID.test(wanted.principalId))
    throw bad("InvalidPrincipalId", "A valid principal ID must be provided for role assignment.");
  if (wanted.principalType && !PRINCIPAL_TYPES.includes(wanted.principalType)) {
    throw bad("InvalidPrincipalType", `The principal type '${wanted.principalType}' is not valid.`);
  }
  checkCondition(wanted);
  const role = findRole(azure, wanted.roleDefinition);
  if (!role) {
    throw bad(
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${wanted.roleDefinition}' does not exist.`,
    );
  }
  if (!role.assignableScopes.some((scope) => isWithin(scope, target.scope))) {
    throw bad(
      "RoleAssignmentScopeNotAssignableToRoleDefinition",
      `The role assignment scope '${target.scope}' must match the assignable scopes of the role definition '${role.roleName}'.`,
    );
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
  if (twin) throw new AzureError(409, "RoleAssignmentExists", "The role assignment already exists.");
  if (assignments.length >= azure.settings.roleAssignmentLimit) {
    throw bad("RoleAssignmentLimitExceeded", "The role assignment limit is reached for this subscription.");
  }
}

function checkCondition({ condition, conditionVersion }: RequestedAssignment): void {
  if (condition === null) return;
  if (conditionVersion !== "2.0") {
    throw bad("InvalidConditionVersion", "A role assignment with a condition must have the condition version '2.0'.");
  }
  try {
    parseCondition(condition);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw bad("InvalidCondition", `The condition of the role assignment is not valid: ${error.message}`);
  }
}

/** Who says the type vouches for the principal: it may not have reached this part of the directory yet. */
function principalTypeOf(azure: Azure, { principalId, principalType }: RequestedAssignment): string {
  const known = principalExists(azure, principalId);
  if (!principalType) {
    if (known) return "ServicePrincipal";
    const directory = azure.landscape.tenantId;
    throw bad(
      "PrincipalNotFound",
      `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${directory}. Check that you have the correct ` +
        "principal ID. If you are creating this principal and then immediately assigning a role, this error might be " +
        "related to a replication delay. In this case, set the role assignment principalType property to a value, such " +
        "as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    );
  }
  if (known && principalType !== "ServicePrincipal") {
    throw bad(
      "UnmatchedPrincipalType",
      `The PrincipalId '${principalId}' has type 'ServicePrincipal' , which is different from specified PrinciaplType '${principalType}'.`,
    );
  }
  return principalType;
}

const bad = (code: string, message: string) => new AzureError(400, code, message);
