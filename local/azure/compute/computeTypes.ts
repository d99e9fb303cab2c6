import { operationTypes } from "../arm/longRunning.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { galleries, imageDefinitions } from "./galleries.ts";
import { imageVersions } from "./imageVersions.ts";
import { marketplace } from "./marketplace.ts";
import { quotaUsages } from "./quota.ts";
import { checkSourceBlob } from "./sourceBlobs.ts";
import { diskShape, imageShape, machineShape } from "./shapes.ts";
import { ofCompute, ofDisk, ofGallery } from "./writes.ts";

/** Managed images. */
export const images: ResourceType = {
  type: "Microsoft.Compute/images",
  ...ofCompute,
  since: { "properties.hyperVGeneration": "2019-03-01" },
  shape: imageShape,
  check: checkSourceBlob,
};

export const computeTypes: ResourceType[] = [
  galleries,
  imageDefinitions,
  imageVersions,
  images,
  {
    type: "Microsoft.Compute/virtualMachines",
    ...ofCompute,
    shape: machineShape,
    expands: ["instanceView", "userData", "resiliencyView"],
    setByAzure: ["instanceView", "vmId", "timeCreated"],
    zonal: true,
  },
  {
    type: "Microsoft.Compute/disks",
    ...ofDisk,
    shape: diskShape,
    setByAzure: (
      "timeCreated diskSizeBytes uniqueId diskState shareInfo burstingEnabledTime propertyUpdatesInProgress " +
      "lastOwnershipUpdateTime"
    ).split(" "),
    zonal: true,
  },
  ...marketplace,
  quotaUsages,

  ...[ofGallery, ofCompute, ofDisk].flatMap(({ longRunning, apiVersions }) => operationTypes(longRunning, apiVersions)),
];
