import { v5 as uuidv5 } from "uuid";
import * as z from "zod";
import { component } from "./component.ts";

/** Names of ours are told apart from everybody else's UUIDv5 names by this namespace. */
const NAMESPACE = "0b9f5a4e-6f0b-5d5f-9d3c-5a1f0c7e9b42";

/** What the builder may do while it holds a grant. */
export const LEASED_ROLES = [
  "image creation",
  "source reading",
  "disk writing",
  "script reading",
  "network join",
] as const;

export type LeasedRole = (typeof LEASED_ROLES)[number];

/** Azure's own role Storage Blob Data Contributor, which is leased for writing disks. */
export const BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** Azure's own role Storage Blob Data Reader, which is leased for reading scripts. */
export const BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

/** Grants that one build may hold. */
export const MOST_GRANTS = 8;

/** Whether image builder needs it to take a template away; all else is over with the run. */
export function outlastsTemplate({ role }: Pick<Grant, "role">): boolean {
  return role === "network join";
}

/** A role assignment that a build needs, fixed in its plan before anything is called. */
export const Grant = component(
  "Grant",
  z.strictObject({
    role: z.enum(LEASED_ROLES),
    name: z
      .string()
      .describe("The role assignment's name: a GUID that follows from installation, scope, principal and role."),
    scope: z.string(),
    principalId: z.string(),
    roleDefinitionId: z.string(),
  }),
);
export type Grant = z.infer<typeof Grant>;

/**
 * The same installation, scope, principal and role always give the same name, so that a grant whose answer was lost
 * is found again and never doubled. Ids count without case, as Azure compares them.
 */
export function planGrant(
  installationId: string,
  subscriptionId: string,
  grant: { role: Grant["role"]; scope: string; principalId: string; roleDefinition: string },
): Grant {
  const { role, scope, principalId, roleDefinition } = grant;
  return {
    role,
    scope,
    principalId,
    roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinition}`,
    name: uuidv5([installationId, scope, principalId, roleDefinition].join("|").toLowerCase(), NAMESPACE),
  };
}

export function roleAssignmentId(grant: Pick<Grant, "scope" | "name">): string {
  return `${grant.scope}/providers/Microsoft.Authorization/roleAssignments/${grant.name}`;
}

/** What stands on a role assignment of ours for whoever finds it. The lease is the authority, not this text. */
export function grantDescription(installationId: string, until: string): string {
  return `Goldsmith ${installationId}, until ${until}`;
}

/** @returns the installation of Goldsmith that a description names. */
export function installationIn(description: string): string | undefined {
  return /^Goldsmith ([a-z0-9-]{1,30}), until /.exec(description)?.[1];
}

/** Azure documents that a removal may take so long until it is noticed everywhere. */
const REMOVAL_MINUTES = 10;

/** @param readBackAt when the assignment was read back as gone. @returns when Azure has noticed it everywhere, ISO 8601. */
export function effectiveBy(readBackAt: string): string {
  return new Date(Date.parse(readBackAt) + REMOVAL_MINUTES * 60_000).toISOString();
}
