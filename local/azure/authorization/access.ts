import type { Azure } from "../azure.ts";
import { isWithin } from "../arm/resourceId.ts";
import type { Attributes } from "../arm/resourceType.ts";
import type { StoredRoleAssignment } from "../store/state.ts";
import { comparesGuids, isMet, parseCondition } from "./condition.ts";
import { isLike } from "./conditionOperators.ts";
import { type DenyAssignment, findDenial } from "./denyAssignments.ts";

/** An operation that somebody wants to do. */
interface Attempt {
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
  const by = findDenial(azure, attempt);
  if (by) return { kind: "forbidden", by };
  const withheld = azure.faults.effects("rights").find(({ effect }) => effect.withheld.includes(attempt.action));
  withheld?.happen();
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
  const matches = (patterns: string[] = []) => patterns.some((pattern) => isLike(action, pattern, true));
  return data
    ? matches(role.dataActions) && !matches(role.notDataActions)
    : matches(role.actions) && !matches(role.notActions);
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
