import type { GenericResource, ResourceManagementClient } from "@azure/arm-resources";
import { callAzure, unknownIfNotFound } from "./azureError.ts";
import { GALLERY_VERSION } from "./observedImages.ts";

/** How an image version stands that is to become the latest. `state`: its provisioning state. */
export type VersionState = { kind: "absent" } | { kind: "present"; state: string; isExcluded: boolean };

/** Image versions in galleries, as far as the service itself changes them. */
export interface ImageVersions {
  read(id: string): Promise<VersionState>;
  /** Begins to let it be the latest; fine where it is so already, or on its way. */
  publish(id: string): Promise<void>;
}

export function imageVersions({ resources }: Pick<ResourceManagementClient, "resources">): ImageVersions {
  async function find(id: string): Promise<Version | undefined> {
    return resources.getById(id, GALLERY_VERSION).catch(unknownIfNotFound);
  }

  return {
    read: (id) =>
      callAzure(async () => {
        const found = await find(id);
        if (!found) return { kind: "absent" };
        const { provisioningState = "", publishingProfile } = found.properties ?? {};
        return {
          kind: "present",
          state: provisioningState,
          isExcluded: publishingProfile?.excludeFromLatest ?? false,
        };
      }),

    publish: (id) =>
      callAzure(async () => {
        const { publishingProfile, storageProfile } = (await find(id))?.properties ?? {};
        if (!publishingProfile?.excludeFromLatest) return;
        // Lists are taken whole, and the reference asks for the storage profile: both as they are, or regions would go.
        const { publishedDate: _, ...profile } = publishingProfile;
        const properties = {
          publishingProfile: { ...profile, excludeFromLatest: false },
          storageProfile: storageProfile?.source ? { source: storageProfile.source } : (storageProfile ?? {}),
        };
        await resources.updateById(id, GALLERY_VERSION, { properties }).submitted();
      }),
  };
}

interface Version extends GenericResource {
  properties?: {
    provisioningState?: string;
    publishingProfile?: { excludeFromLatest?: boolean; publishedDate?: string };
    storageProfile?: { source?: unknown };
  };
}
