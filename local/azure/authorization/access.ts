import { isWithin } from "../arm/resourceId.ts";
import type { Attributes } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { StoredRoleAssignment } from "../store/state.ts";
import { comparesGuids, isMet, parseCondition } from "./condition.ts";
import { isLike } from "./conditionOperators.ts";
import { type DenyAssignment, findDenial } from "./denyAssignments.ts";
import { findRole } from "./roles.ts";

/** An operation that somebody wants to do. */
export interface Attempt {
  principalId: string;
  /** `Microsoft.Compute/galleries/images/versions/write` */
  action: string;
  scope: string;
  /** Whether it is an action on data, such as reading a blob. */
  data?: boolean;
  subOperation?: string;
  attributes?: { request?: Attributes; resource?: Attributes };
  /** Takes every condition as met. */
  ignoreConditions?: boolean;
}

export type Access =
  | { kind: "allowed" }
  | { kind: "denied"; conditionNotMet: boolean }
  /** Whatever roles say. */
  | { kind: "forbidden"; by: DenyAssignment };

/** Whether the role assignments that are effective now allow it. */
export function accessOf(azure: Azure, attempt: Attempt): Access {
  azure.onAccess?.(attempt);
  const by = findDenial(azure, attempt);
  if (by) return { kind: "forbidden", by };
  const withheld = azure.faults.take("rights", undefined, ({ effect }) => effect.withheld.includes(attempt.action));
  if (withheld) return { kind: "denied", conditionNotMet: withheld.effect.conditionNotMet };
  let conditionNotMet = false;
  for (const assignment of effectiveAssignments(azure)) {
    if (assignment.principalId.toLowerCase() !== attempt.principalId.toLowerCase()) continue;
    if (!isWithin(assignment.scope, attempt.scope) || !roleAllows(azure, assignment, attempt)) continue;
    if (attempt.ignoreConditions || meetsCondition(azure, assignment, attempt)) return { kind: "allowed" };
    conditionNotMet = true;
  }
  return { kind: "denied", conditionNotMet };
}

export function mayDo(azure: Azure, principalId: string, action: string, scope: string): boolean {
  return accessOf(azure, { principalId, action, scope }).kind === "allowed";
}

/** Those that checks know of now. */
export function effectiveAssignments({ state, now }: Azure): StoredRoleAssignment[] {
  return [...Object.values(state.roleAssignments), ...state.fadingRoleAssignments].filter(
    ({ effectiveFrom, effectiveUntil }) =>
      effectiveFrom !== null && effectiveFrom <= now && now < (effectiveUntil ?? Infinity),
  );
}

function roleAllows(azure: Azure, assignment: StoredRoleAssignment, { action, data }: Attempt): boolean {
  const role = azure.state.roleDefinitions[assignment.roleDefinition.toLowerCase()];
  if (!role) return false;
  const matches = (patterns: string[] = []) => patterns.some((pattern) => isAmong(pattern, action));
  return data
    ? matches(role.dataActions) && !matches(role.notDataActions)
    : matches(role.actions) && !matches(role.notActions);
}

// Between two slashes a star may stand for nothing: Managed Identity Operator has userAssignedIdentities/*/assign/action,
// and is the documented role for userAssignedIdentities/assign/action.
function isAmong(pattern: string, action: string): boolean {
  return isLike(action, pattern, true) || isLike(action, pattern.replaceAll("/*/", "/"), true);
}

function meetsCondition(azure: Azure, assignment: StoredRoleAssignment, attempt: Attempt): boolean {
  if (!assignment.condition) return true;
  const condition = parseCondition(assignment.condition);
  const role = azure.state.roleDefinitions[assignment.roleDefinition.toLowerCase()];
  const readsStorage = role?.dataActions?.some((action) => /^Microsoft\.Storage\//i.test(action));
  if (readsStorage && comparesGuids(condition)) return false;
  return isMet(condition, {
    action: attempt.action,
    ...(attempt.subOperation ? { subOperation: attempt.subOperation } : {}),
    attributes: {
      ...attributesOf("@request", attempt.attributes?.request),
      ...attributesOf("@resource", attempt.attributes?.resource),
    },
  });
}

function attributesOf(source: string, attributes: Attributes = {}): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`${source}[${name}]`.toLowerCase(), value]),
  );
}

/**
 * A role assignment is there at once, but authorisation goes by copies that learn of it later.
 *
 * @returns when they know of the change; null is never.
 */
export function propagation(
  azure: Azure,
  assignment: StoredRoleAssignment,
  change: "grant" | "change" | "removal",
): number | null {
  const roleName = findRole(azure, assignment.roleDefinition)?.roleName ?? "";
  const override = azure.faults.propagationOf({ ...assignment, roleName });
  if (override === "never") return null;
  if (override !== undefined) return azure.now + override * 1000;
  return azure.now + azure.random.milliseconds(azure.settings.propagationSeconds, change, assignment.id.toLowerCase());
}

/** Keeps a role assignment: without a condition, and effective at once, where nothing else is known of it. */
export function storeAssignment(
  azure: Azure,
  known: Partial<StoredRoleAssignment> & Pick<StoredRoleAssignment, Known>,
): StoredRoleAssignment {
  const id = `${known.scope.replace(/^\/$/, "")}/providers/Microsoft.Authorization/roleAssignments/${known.name}`;
  return (azure.state.roleAssignments[id.toLowerCase()] = {
    id,
    principalType: "ServicePrincipal",
    condition: null,
    conditionVersion: null,
    description: null,
    delegatedManagedIdentityResourceId: null,
    createdOn: azure.now,
    updatedOn: azure.now,
    standing: false,
    effectiveFrom: azure.now,
    ...known,
  });
}

type Known = "name" | "scope" | "roleDefinition" | "principalId" | "createdBy";

/** What was removed or replaced goes on being effective until the change has propagated. */
export function fade(azure: Azure, before: StoredRoleAssignment, until: number | null): void {
  if (before.effectiveFrom === null || (until !== null && until <= azure.now)) return;
  azure.state.fadingRoleAssignments.push({ ...before, effectiveUntil: until });
}
