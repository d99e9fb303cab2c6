import type { Observation } from "./observation.ts";
import { isOurs, type RoleAssignment } from "./roleAssignment.ts";

/** The role assignments of the service's own that a sweep has seen in Azure. */
export function ownAssignments(
  { leases, assignments }: Pick<Observation, "leases" | "assignments">,
  servicePrincipals: readonly string[],
): RoleAssignment[] {
  const proof = { inLedger: true, servicePrincipals: [...servicePrincipals] };
  return assignments.filter((one) => leases.some(({ grant }) => isOurs(one, grant, proof)));
}
