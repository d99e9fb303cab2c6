import type { Failure } from "./failure.ts";
import { installationIn } from "./grant.ts";
import { sameId } from "./resourceId.ts";
import type { RoleAssignment } from "./roleAssignment.ts";

/** A role assignment of somebody else's that an installation puts up with for a time. */
export interface AcceptedGrant {
  /** The role assignment's id. */
  id: string;
  /** ISO 8601. */
  until: string;
}

/** @returns until when the very assignment is accepted, ISO 8601; undefined where it is not, or not any more. */
export function acceptedUntil(
  assignment: RoleAssignment,
  accepted: readonly AcceptedGrant[],
  now: Date,
): string | undefined {
  return accepted.find(({ id, until }) => sameId(id, assignment.id) && Date.parse(until) > now.getTime())?.until;
}

/** Why somebody else's grant stops a build: it gives the same access, and would outlive the build. */
export function standingGrantFailure(assignment: RoleAssignment): Failure {
  const installation = installationIn(assignment.description ?? "");
  const other = installation ? `the Goldsmith installation ${installation}` : (assignment.createdBy ?? "somebody");
  return {
    code: installation ? "another-installation" : "standing-grant",
    message: `The builder holds this role on ${assignment.scope} already, by ${assignment.id}, made by ${other}.`,
    why: installation
      ? "Two installations that shared the builder and the scope would take each other's access away."
      : "It gives the builder the same access all the time, and would outlive this build.",
    mend: installation
      ? "Give each installation a builder identity of its own."
      : `Remove it: az role assignment delete --ids ${assignment.id}. Or accept that very assignment until a date in GOLDSMITH_ACCEPTED_GRANTS.`,
    owner: installation ? "operator" : "identity",
  };
}
