import { armErrors, AzureError, badRequest } from "../arm/errors.ts";
import { displayName, regionName, regions, zonedRegions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { requireName } from "./galleries.ts";
import { isReplicatedTo, replicate, replicationStatus } from "./replication.ts";
import { versionShape } from "./shapes.ts";
import { ofGallery } from "./writes.ts";

const VERSION_TYPE = "Microsoft.Compute/galleries/images/versions";

export const imageVersions: ResourceType = {
  type: VERSION_TYPE,
  ...ofGallery,
  since: {
    "properties.publishingProfile.replicationMode": "2021-07-01",
    "properties.safetyProfile": "2022-03-03",
    "properties.safetyProfile.blockDeletionBeforeEndOfLife": "2024-03-03",
  },
  writeTakes: replicate,
  shape: versionShape,
  expands: ["ReplicationStatus", "UefiSettings"],
  setByAzure: ["replicationStatus", "validationsProfile"],
  check(azure, version) {
    const { name, body } = version;
    if (!isVersionNumber(name)) throw badVersionName();
    if (!findResource(azure, version.id)) requireSources(azure, body.properties as Json);
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
        policyViolations: undefined,
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

/** Three numbers, each a 32 bit integer. */
export const isVersionNumber = (name: string) =>
  /^\d+\.\d+\.\d+$/.test(name) && name.split(".").every((part) => Number(part) < 2 ** 31);

const badVersionName = () =>
  new AzureError(
    400,
    "InvalidParameter",
    "The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) format, " +
      "for e.g: 1.0.0, 2018.12.1 etc.",
    {},
    { target: "galleryImageVersionName" },
  );

interface VersionSource {
  id?: string;
  virtualMachineId?: string;
}

/** What a version is made of has to be there while it is made; that may go afterwards. */
function requireSources(azure: Azure, { storageProfile }: Json): void {
  const {
    source,
    osDiskImage,
    dataDiskImages = [],
  } = storageProfile as {
    source?: VersionSource;
    osDiskImage?: { source?: VersionSource };
    dataDiskImages?: { source?: VersionSource }[];
  };
  const sources = [source, osDiskImage?.source, ...dataDiskImages.map((disk) => disk.source)];
  const ids = sources.flatMap((one) => [one?.id ?? [], one?.virtualMachineId ?? []].flat());
  const missing = ids.find((id) => !findResource(azure, id));
  if (missing === undefined) return;
  throw armErrors.NotFound(
    `Source Image '${missing}' is not found. Please check source image exists, and is in the same region as gallery ` +
      "image version being created.",
  );
}

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

const REGION = new RegExp(`^(${regions.join("|")})$`);

/** In all regions together. */
const MOST_REPLICAS = 100;

/** A region that a version goes to. */
export interface Target {
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

const invalid = (message: string) => badRequest("InvalidParameter", message);
