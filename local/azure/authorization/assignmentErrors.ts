import { AzureError } from "../arm/errors.ts";

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
  exists: ({ existing }: Pick<About, "existing">) =>
    new AzureError(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists.${
        existing ? ` The ID of the existing role assignment is ${existing.replaceAll("-", "")}.` : ""
      }`,
    ),
  updateNotPermitted: () =>
    new AzureError(
      400,
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    ),
  principalNotFound: ({ principalId, tenantId }: About) =>
    new AzureError(
      400,
      "PrincipalNotFound",
      `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${tenantId}. Check that you have the correct ` +
        "principal ID. If you are creating this principal and then immediately assigning a role, this error might be " +
        "related to a replication delay. In this case, set the role assignment principalType property to a value, such " +
        "as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    ),
  scopeNotAssignable: ({ scope, roleName }: About) =>
    new AzureError(
      400,
      "RoleAssignmentScopeNotAssignableToRoleDefinition",
      `The role assignment scope '${scope}' must match the assignable scopes of the role definition '${roleName}'.`,
    ),
  roleNotFound: ({ roleDefinition }: About) =>
    new AzureError(
      400,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${roleDefinition}' does not exist.`,
    ),
} satisfies Record<string, (about: About) => AzureError>;

export type AssignmentError = keyof typeof assignmentErrors;
