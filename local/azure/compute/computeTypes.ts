import { operationTypes } from "../arm/longRunning.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { computeVersions, diskVersions, galleryVersions } from "./apiVersions.ts";
import { galleries, imageDefinitions } from "./galleries.ts";
import { imageVersions } from "./imageVersions.ts";
import { marketplace } from "./marketplace.ts";
import { quotaUsages } from "./quota.ts";
import { diskShape, imageShape, machineShape } from "./shapes.ts";
import { computeWrites, diskWrites, galleryWrites } from "./writes.ts";

const shared = { tracked: true, locations: regions, patchesProperties: true } satisfies Partial<ResourceType>;

export const computeTypes: ResourceType[] = [
  galleries,
  imageDefinitions,
  imageVersions,
  {
    type: "Microsoft.Compute/images",
    apiVersions: computeVersions,
    since: { "properties.hyperVGeneration": "2019-03-01" },
    shape: imageShape,
    longRunning: computeWrites,
    ...shared,
  },
  {
    type: "Microsoft.Compute/virtualMachines",
    apiVersions: computeVersions,
    shape: machineShape,
    longRunning: computeWrites,
    ...shared,
  },
  {
    type: "Microsoft.Compute/disks",
    apiVersions: diskVersions,
    shape: diskShape,
    longRunning: diskWrites,
    ...shared,
  },
  ...marketplace,
  quotaUsages,

  ...operationTypes(galleryWrites, galleryVersions),
  ...operationTypes(computeWrites, computeVersions),
  ...operationTypes(diskWrites, diskVersions),
];
