import type { Azure } from "../azure.ts";
import { sameId } from "../arm/resourceId.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";

export const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** When the directory's copies know of an identity's principal. */
export interface IdentityHidden {
  replicatedAt: number;
}

/** Whether the directory, as role assignments see it, has a principal. The only ones here are managed identities. */
export function principalExists(azure: Azure, principalId: string): boolean {
  return resourcesOfType(azure, IDENTITY_TYPE, "").some(
    ({ body, hidden }) =>
      sameId(String((body.properties as Json).principalId), principalId) &&
      ((hidden as IdentityHidden | undefined)?.replicatedAt ?? 0) <= azure.now,
  );
}

export function findIdentity(azure: Azure, id: string): StoredResource | undefined {
  const resource = findResource(azure, id);
  return resource?.type === IDENTITY_TYPE ? resource : undefined;
}

export function principalIdOf(identity: StoredResource): string {
  return String((identity.body.properties as Json).principalId);
}
