/** What is read of identities, roles and role assignments. */

export interface BuilderIdentity {
  principalId: string;
}

export interface StandingAssignment {
  id: string;
  /** The object id of whoever holds it. */
  principalId: string;
  /** The group that it is held through; undefined where it is held directly. */
  group: string | undefined;
  scope: string;
  /** The bare GUID. */
  roleDefinition: string;
  condition: string | undefined;
}

/** What a role, or all roles of somebody together, allow. */
export interface Permission {
  actions: readonly string[];
  notActions: readonly string[];
  /** On what a resource holds, as blobs, rather than on the resource. */
  dataActions: readonly string[];
  notDataActions?: readonly string[];
}

export interface RoleDefinition {
  id: string;
  roleName: string;
  description?: string | undefined;
  assignableScopes: readonly string[];
  permissions: readonly Permission[];
}

/** Whether permissions allow an action, as Azure reads them: wildcards, and what each role takes away of itself. */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((one) => matchAction(one, action)) && !notActions.some((one) => matchAction(one, action)),
  );
}

/** Whether permissions allow an action on what a resource holds. */
export function allowsData(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ dataActions, notDataActions = [] }) =>
      dataActions.some((one) => matchAction(one, action)) && !notDataActions.some((one) => matchAction(one, action)),
  );
}

/** Which of some actions permissions do not allow. */
export function lacking(permissions: readonly Permission[], actions: readonly string[]): string[] {
  return actions.filter((action) => !allows(permissions, action));
}

/** Between two slashes a `*` stands for nothing as well: Managed Identity Operator is written so. */
function matchAction(pattern: string, action: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = parts.join(".*").replaceAll("/.*/", "/(?:.*/)?");
  return new RegExp(`^${expression}$`).test(action.toLowerCase());
}
