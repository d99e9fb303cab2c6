import { displayName, regionName } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { galleryVersions } from "./apiVersions.ts";

export const VERSION_TYPE = "Microsoft.Compute/galleries/images/versions";

export const imageVersions: ResourceType = {
  type: VERSION_TYPE,
  apiVersions: galleryVersions,
  tracked: true,
  complete(azure, { body }) {
    const { publishingProfile, ...properties } = body.properties as Json;
    const asked = { ...(publishingProfile as Json | undefined) };
    const targets = (asked.targetRegions as Json[] | undefined) ?? [{ name: body.location }];
    body.properties = {
      safetyProfile: {
        reportedForPolicyViolation: false,
        allowDeletionOfReplicatedLocations: true,
        blockDeletionBeforeEndOfLife: false,
      },
      ...properties,
      publishingProfile: {
        replicaCount: 1,
        excludeFromLatest: false,
        storageAccountType: "Standard_LRS",
        replicationMode: "Full",
        publishedDate: new Date(azure.now).toISOString(),
        ...asked,
        targetRegions: targets.map((target) => ({
          regionalReplicaCount: 1,
          storageAccountType: "Standard_LRS",
          ...target,
          name: displayName(String(target.name)),
        })),
      },
    };
  },
  present(_azure, { body }, query) {
    if (query.get("$expand")?.toLowerCase() !== "replicationstatus") return {};
    const { provisioningState, publishingProfile } = body.properties as Json;
    const done = provisioningState === "Succeeded";
    const regions = (publishingProfile as { targetRegions: { name: string }[] }).targetRegions;
    const state = done ? "Completed" : "Replicating";
    return {
      replicationStatus: {
        aggregatedState: done ? "Completed" : "InProgress",
        summary: regions.map(({ name }) => ({ region: name, state, details: "", progress: done ? 100 : 50 })),
      },
    };
  },
};

export const imageVersionTransitions: TransitionTable = {
  "version-replicated"(azure, { id }) {
    const version = findResource(azure, id);
    if (version) (version.body.properties as Json).provisioningState = "Succeeded";
  },
};

/** A version is there as soon as it is written, and Succeeded once it is replicated. */
export function scheduleReplication(azure: Azure, version: StoredResource, milliseconds: number): void {
  (version.body.properties as Json).provisioningState = "Creating";
  schedule(azure, milliseconds, { kind: "version-replicated", id: version.id, operation: "" });
}

export function versionsOf(azure: Azure, definitionId: string): StoredResource[] {
  return resourcesOfType(azure, VERSION_TYPE, definitionId);
}

/** What `latest` means: the highest version that is replicated to a region and not excluded from latest. */
export function latestVersion(azure: Azure, definitionId: string, region: string): StoredResource | undefined {
  return versionsOf(azure, definitionId)
    .filter(({ body }) => {
      const { provisioningState, publishingProfile } = body.properties as Json;
      const { excludeFromLatest, targetRegions } = publishingProfile as {
        excludeFromLatest: boolean;
        targetRegions: { name: string; excludeFromLatest?: boolean }[];
      };
      const here = targetRegions.find(({ name }) => regionName(name) === regionName(region));
      return provisioningState === "Succeeded" && here && !excludeFromLatest && !here.excludeFromLatest;
    })
    .sort((a, b) => compareVersions(b.name, a.name))[0];
}

/** By number, part by part: 1.10.0 is higher than 1.9.0. */
export function compareVersions(one: string, other: string): number {
  const others = other.split(".").map(Number);
  const differences = one.split(".").map((part, at) => Number(part) - (others[at] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
