import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { newGuid } from "../azure.ts";
import type { Json } from "../store/state.ts";
import { IDENTITY_TYPE, type IdentityHidden } from "./principals.ts";

export const apiVersions = ["2018-11-30", "2022-01-31-preview", "2023-01-31", "2024-11-30"];

/**
 * An identity keeps its principal as long as it lives; one that is made again under the same name gets another. Its
 * bodies are those of a recording of azure-cli: test_identity_management.
 */
export const userAssignedIdentities: ResourceType = {
  type: IDENTITY_TYPE,
  apiVersions,
  tracked: true,
  locations: regions,
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
