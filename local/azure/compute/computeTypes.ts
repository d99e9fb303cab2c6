import { operationTypes } from "../arm/longRunning.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { computeVersions, diskVersions, galleryVersions } from "./apiVersions.ts";
import { galleries, imageDefinitions } from "./galleries.ts";
import { images } from "./images.ts";
import { imageVersions } from "./imageVersions.ts";
import { marketplace } from "./marketplace.ts";
import { quotaUsages } from "./quota.ts";
import { diskShape, machineShape } from "./shapes.ts";
import { computeWrites, diskWrites, galleryWrites } from "./writes.ts";

const shared = { tracked: true, locations: regions, patchesProperties: true } satisfies Partial<ResourceType>;

export const computeTypes: ResourceType[] = [
  galleries,
  imageDefinitions,
  imageVersions,
  images,
  {
    type: "Microsoft.Compute/virtualMachines",
    apiVersions: computeVersions,
    shape: machineShape,
    expands: ["instanceView", "userData", "resiliencyView"],
    setByAzure: ["instanceView", "vmId", "timeCreated"],
    zonal: true,
    longRunning: computeWrites,
    ...shared,
  },
  {
    type: "Microsoft.Compute/disks",
    apiVersions: diskVersions,
    shape: diskShape,
    setByAzure: (
      "timeCreated diskSizeBytes uniqueId diskState shareInfo burstingEnabledTime propertyUpdatesInProgress " +
      "lastOwnershipUpdateTime"
    ).split(" "),
    zonal: true,
    longRunning: diskWrites,
    ...shared,
  },
  ...marketplace,
  quotaUsages,

  ...operationTypes(galleryWrites, galleryVersions),
  ...operationTypes(computeWrites, computeVersions),
  ...operationTypes(diskWrites, diskVersions),
];
