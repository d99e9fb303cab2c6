import type { Grant } from "./grant.ts";
import { sameId } from "./resourceId.ts";

/** A role assignment as Azure lists it. */
export interface RoleAssignment {
  id: string;
  name: string;
  scope: string;
  principalId: string;
  roleDefinitionId: string;
  /** Object id of who made it; absent where Azure does not tell. */
  createdBy?: string;
  description?: string;
}

/** What proves that an assignment is ours, beside its name: tags and descriptions alone prove nothing. */
export interface Proof {
  /** The ledger has an entry of it, written before the request that made it was sent. */
  inLedger: boolean;
  /** The service's own object id, and those it had before. */
  servicePrincipals: readonly string[];
}

/** What stands where a grant is to be made. */
export type Ground =
  | { kind: "free" }
  /** Our own, from another build that holds it or from an answer that got lost. */
  | { kind: "ours"; assignment: RoleAssignment }
  /** Somebody else's grants of the same role to the same principal, on the scope itself or above it: at least one. */
  | { kind: "foreign"; assignments: RoleAssignment[] };

export function groundOf(grant: Grant, assignments: readonly RoleAssignment[], proof: Proof): Ground {
  const same = assignments.filter((one) => givesTheSame(one, grant));
  const foreign = same.filter((one) => !isOurs(one, grant, proof));
  if (foreign.length > 0) return { kind: "foreign", assignments: foreign };
  const [ours] = same;
  return ours ? { kind: "ours", assignment: ours } : { kind: "free" };
}

function givesTheSame(assignment: RoleAssignment, grant: Grant): boolean {
  return (
    sameId(assignment.principalId, grant.principalId) &&
    sameId(roleOf(assignment.roleDefinitionId), roleOf(grant.roleDefinitionId)) &&
    reaches(assignment, grant.scope)
  );
}

export function isOurs(assignment: RoleAssignment, grant: Grant, { inLedger, servicePrincipals }: Proof): boolean {
  const { createdBy } = assignment;
  return (
    inLedger &&
    sameId(assignment.name, grant.name) &&
    sameId(assignment.scope, grant.scope) &&
    createdBy !== undefined &&
    servicePrincipals.some((one) => sameId(one, createdBy))
  );
}

/** The GUID of a role: its id is told under the subscription or without one. */
function roleOf(roleDefinitionId: string): string {
  return roleDefinitionId.split("/").at(-1) ?? "";
}

/** Whether a scope is the other one, or lies below it. */
export function isWithin(scope: string, other: string): boolean {
  const [inner, outer] = [scope, other].map((id) => `${id.toLowerCase().replace(/\/+$/, "")}/`);
  return (inner ?? "").startsWith(outer ?? "");
}

/**
 * Whether an assignment that Azure lists for a subscription holds at a scope there: a management group is listed where it
 * is above.
 */
export function reaches({ scope: assigned }: Pick<RoleAssignment, "scope">, scope: string): boolean {
  return isManagementGroup(assigned) || isWithin(scope, assigned);
}

export function isManagementGroup(scope: string): boolean {
  return /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+\/?$/i.test(scope);
}
