import { badRequest } from "../arm/errors.ts";
import { isWithin, sameId } from "../arm/resourceId.ts";
import type { ArmRequest } from "../arm/resourceType.ts";
import type { StoredRoleAssignment } from "../store/state.ts";

const TERM = /^(?:(atScope)\(\)|principalId eq '([\da-f-]{36})'|assignedTo\('([\da-f-]{36})'\))$/i;

/** "All principals" of a deny assignment, as Azure writes it. */
export const EVERYBODY = "00000000-0000-0000-0000-000000000000";

type Assigned = Pick<StoredRoleAssignment, "scope" | "principalId">;

/**
 * Which role assignments, or deny assignments, a list shows: those at, above and below its scope, as far as `$filter`
 * wants them. There are no groups here, so whatever is assigned to somebody is so directly.
 *
 * @throws AzureError 400 for a filter that Azure does not know.
 */
export function assignmentFilter({ target, query }: ArmRequest): (assignment: Assigned) => boolean {
  const filter = query.get("$filter")?.trim() ?? "";
  const terms = filter === "" ? [] : filter.split(/(?<!\s)\s+and\s+/i).map((term) => TERM.exec(term.trim()));
  if (terms.includes(null)) throw badRequest("UnsupportedFilter", `The filter '${filter}' is not supported.`);
  const atScope = terms.some((term) => term?.[1]);
  const principals = terms.flatMap((term) => term?.[2] ?? term?.[3] ?? []);
  return ({ scope, principalId }) =>
    (isWithin(scope, target.scope) || (!atScope && isWithin(target.scope, scope))) &&
    principals.every((principal) => sameId(principal, principalId) || principalId === EVERYBODY);
}
