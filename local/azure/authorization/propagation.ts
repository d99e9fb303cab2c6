import type { Azure } from "../azure.ts";
import type { StoredRoleAssignment } from "../store/state.ts";
import { findRole } from "./roles.ts";

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

/** What was removed or replaced goes on being effective until the change has propagated. */
export function fade(azure: Azure, before: StoredRoleAssignment, until: number | null): void {
  if (before.effectiveFrom === null || (until !== null && until <= azure.now)) return;
  azure.state.fadingRoleAssignments.push({ ...before, effectiveUntil: until });
}
