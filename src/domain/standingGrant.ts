import * as z from "zod";
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

/** An assignment of somebody else's, and until when it is put up with, ISO 8601. */
export const StandingGrant = z.strictObject({ id: z.string(), acceptedUntil: z.string() });
export type StandingGrant = z.infer<typeof StandingGrant>;

/** Tells those that are accepted from those that are not, or not any more. */
export function judged(
  assignments: readonly RoleAssignment[],
  accepted: readonly AcceptedGrant[],
  now: Date,
): { standing: StandingGrant[]; blocking: RoleAssignment[] } {
  const standing: StandingGrant[] = [];
  const blocking: RoleAssignment[] = [];
  for (const one of assignments) {
    // Another installation takes its grant away when its own builds are over, whatever is accepted here.
    const found = installationOf(one)
      ? undefined
      : accepted.find(({ id, until }) => sameId(id, one.id) && Date.parse(until) > now.getTime());
    if (found) standing.push({ id: one.id, acceptedUntil: found.until });
    else blocking.push(one);
  }
  return { standing, blocking };
}

/** Why somebody else's grants stop a build: they give the same access, and would outlive the build. */
export function standingGrantFailure(assignments: readonly RoleAssignment[]): Failure {
  const installations = assignments.filter((one) => installationOf(one));
  const others = assignments.filter((one) => !installations.includes(one));
  const ids = others.map(({ id }) => id).join(" ");
  const isInstallation = installations.length > 0;
  return {
    code: isInstallation ? "another-installation" : "standing-grant",
    message: assignments
      .map((one) => `The builder holds this role on ${one.scope} already, by ${one.id}, made by ${makerOf(one)}.`)
      .join(" "),
    why: isInstallation
      ? "Two installations that shared the builder and the scope would take each other's access away."
      : "It gives the builder the same access all the time, and would outlive this build.",
    mend: [
      ...(isInstallation ? ["Give each installation a builder identity of its own."] : []),
      ...(ids
        ? [
            `Remove it: az role assignment delete --ids ${ids}. Or accept that very assignment until a date in GOLDSMITH_ACCEPTED_GRANTS.`,
          ]
        : []),
    ].join(" "),
    owner: isInstallation ? "operator" : "identity",
  };
}

const installationOf = ({ description = "" }: RoleAssignment) => installationIn(description);

function makerOf(assignment: RoleAssignment): string {
  const installation = installationOf(assignment);
  return installation ? `the Goldsmith installation ${installation}` : (assignment.createdBy ?? "somebody");
}
