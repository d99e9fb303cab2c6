import * as z from "zod";
import { badRequest } from "../arm/errors.ts";
import { sameId } from "../arm/resourceId.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { fullBody } from "../arm/shapes.ts";
import { type Azure, newGuid } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";

const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** When the directory's copies know of an identity's principal. */
interface IdentityHidden {
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

export const apiVersions = ["2018-11-30", "2022-01-31-preview", "2023-01-31", "2024-11-30"];

/**
 * An identity keeps its principal as long as it lives; one that is made again under the same name gets another. Its
 * bodies are those of a recording of azure-cli: test_identity_management.
 */
export const userAssignedIdentities: ResourceType = {
  type: IDENTITY_TYPE,
  apiVersions,
  tracked: true,
  setByAzure: ["tenantId", "principalId", "clientId"],
  smallGroups: true,
  locatesNew: true,
  complete(azure, resource, before) {
    const asked = resource.body.properties as Json;
    const kept = before?.body.properties as Json | undefined;
    const fresh = {
      clientId: asked.clientId ?? newGuid(azure, "client", resource.id),
      principalId: asked.principalId ?? newGuid(azure, "principal", resource.id),
    };
    resource.body.tags ??= {};
    resource.body.properties = { tenantId: azure.landscape.tenantId, ...(kept ?? fresh) };
    if (before) return;
    const delay = azure.random.milliseconds(azure.settings.directoryReplicationSeconds, "directory", resource.id);
    resource.hidden = { replicatedAt: azure.now + delay } satisfies IdentityHidden;
  },
};

/** Whose tokens of other issuers stand for an identity. Nothing here exchanges such tokens. */
export const federatedIdentityCredentials: ResourceType = {
  type: `${IDENTITY_TYPE}/federatedIdentityCredentials`,
  apiVersions: apiVersions.filter((version) => version >= "2022-01-31"),
  shape: fullBody({ issuer: z.string(), subject: z.string(), audiences: z.array(z.string()) }),
  check(_azure, { name }) {
    if (/^[A-Za-z0-9][\w-]{2,119}$/.test(name)) return;
    throw badRequest("BadRequest", `The name '${name}' of the federated identity credential is not valid.`);
  },
  complete(_azure, { body }) {
    const { provisioningState: _, ...properties } = body.properties as Json;
    body.properties = properties;
  },
};
