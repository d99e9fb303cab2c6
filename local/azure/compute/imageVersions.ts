import { displayName, regionName, regions, zonedRegions } from "../arm/regions.ts";
import { AzureError } from "../arm/errors.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { galleryVersions } from "./apiVersions.ts";
import { requireName } from "./galleries.ts";
import { isReplicatedTo, replicate, replicationStatus } from "./replication.ts";
import { versionShape } from "./shapes.ts";
import { galleryWrites } from "./writes.ts";

export const VERSION_TYPE = "Microsoft.Compute/galleries/images/versions";

const REGION = new RegExp(`^(${regions.join("|")})$`);

/** Each part of a version's name is an integer of 32 bits. */
const LARGEST_NUMBER = 2 ** 31 - 1;
/** In all regions together. */
const MOST_REPLICAS = 100;

export const imageVersions: ResourceType = {
  type: VERSION_TYPE,
  apiVersions: galleryVersions,
  since: {
    "properties.publishingProfile.replicationMode": "2021-07-01",
    "properties.safetyProfile": "2022-03-03",
    "properties.safetyProfile.blockDeletionBeforeEndOfLife": "2024-03-03",
  },
  tracked: true,
  locations: regions,
  longRunning: galleryWrites,
  writeTakes: replicate,
  patchesProperties: true,
  shape: versionShape,
  check(_azure, { name, body }) {
    if (!/^\d+\.\d+\.\d+$/.test(name) || name.split(".").some((part) => Number(part) > LARGEST_NUMBER)) {
      throw invalid(
        "The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) " +
          "format, for e.g: 1.0.0, 2018.12.1 etc.",
      );
    }
    checkTargets(((body.properties as Json).publishingProfile as { targetRegions: Target[] }).targetRegions, body);
  },
  complete(azure, { body }, before) {
    const { publishingProfile, safetyProfile, ...properties } = body.properties as Json;
    const was = (before?.body.properties as Json | undefined)?.publishingProfile as Json | undefined;
    const asked = { ...(publishingProfile as Json | undefined) };
    const named = (asked.targetRegions as Json[] | undefined) ?? [];
    const targets = named.length > 0 ? named : [{ name: body.location }];
    body.properties = {
      safetyProfile: {
        allowDeletionOfReplicatedLocations: true,
        blockDeletionBeforeEndOfLife: false,
        ...(safetyProfile as Json | undefined),
        reportedForPolicyViolation: false,
      },
      ...properties,
      publishingProfile: {
        replicaCount: 1,
        excludeFromLatest: false,
        storageAccountType: "Standard_LRS",
        replicationMode: "Full",
        ...asked,
        publishedDate: was?.publishedDate ?? new Date(azure.now).toISOString(),
        targetRegions: targets.map((target) => ({
          regionalReplicaCount: 1,
          storageAccountType: "Standard_LRS",
          ...target,
          name: displayName(String(target.name)),
        })),
      },
    };
  },
  present(azure, version, query) {
    if (query.get("$expand")?.toLowerCase() !== "replicationstatus") return {};
    return { replicationStatus: replicationStatus(azure, version) };
  },
};

interface Target {
  name: string;
  regionalReplicaCount?: number;
  storageAccountType?: string;
}

/** Texts of the pages on what goes wrong with galleries. @throws AzureError `InvalidParameter`. */
function checkTargets(targets: Target[], { location }: Json): void {
  for (const { name } of targets) requireName("targetRegions", regionName(name), REGION);
  const names = targets.map(({ name }) => regionName(name));
  if (new Set(names).size < names.length) {
    throw invalid("Duplicate regions are not allowed in target publishing regions.");
  }
  if (!names.includes(regionName(String(location)))) {
    throw invalid(
      `Gallery image version publishing profile regions '${names.join(", ")}' must contain the location of image version ` +
        `'${displayName(String(location))}'.`,
    );
  }
  const replicas = targets.reduce((sum, { regionalReplicaCount = 1 }) => sum + regionalReplicaCount, 0);
  if (replicas > MOST_REPLICAS) {
    throw invalid(
      `The value ${replicas} of parameter galleryImageVersion.properties.publishingProfile.replicaCount is out of range. ` +
        `The value must be between 1 and ${MOST_REPLICAS}, inclusive.`,
    );
  }
  const zoned = targets.filter(({ storageAccountType }) => storageAccountType === "Standard_ZRS");
  if (zoned.some(({ name }) => !zonedRegions.includes(regionName(name)))) {
    throw invalid("ZRS storage account type is not supported in this region.");
  }
}

const invalid = (message: string) => new AzureError(400, "InvalidParameter", message);

export function versionsOf(azure: Azure, definitionId: string): StoredResource[] {
  return resourcesOfType(azure, VERSION_TYPE, definitionId);
}

/** What `latest` means: the highest version that is replicated to a region and not excluded from latest. */
export function latestVersion(azure: Azure, definitionId: string, region: string): StoredResource | undefined {
  return versionsOf(azure, definitionId)
    .filter((version) => {
      const { provisioningState, publishingProfile } = version.body.properties as Json;
      const { excludeFromLatest, targetRegions } = publishingProfile as {
        excludeFromLatest: boolean;
        targetRegions: { name: string; excludeFromLatest?: boolean }[];
      };
      const here = targetRegions.find(({ name }) => regionName(name) === regionName(region));
      const usable = provisioningState === "Succeeded" || provisioningState === "Creating";
      const shown = here && !excludeFromLatest && !here.excludeFromLatest;
      return usable && shown && isReplicatedTo(azure, version, region);
    })
    .sort((a, b) => compareVersions(b.name, a.name))[0];
}

/** By number, part by part: 1.10.0 is higher than 1.9.0. */
export function compareVersions(one: string, other: string): number {
  const others = other.split(".").map(Number);
  const differences = one.split(".").map((part, at) => Number(part) - (others[at] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
