import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { computeVersions } from "./apiVersions.ts";
import { imageShape } from "./shapes.ts";
import { computeWrites } from "./writes.ts";

/** Managed images. */
export const images: ResourceType = {
  type: "Microsoft.Compute/images",
  apiVersions: computeVersions,
  since: { "properties.hyperVGeneration": "2019-03-01" },
  shape: imageShape,
  longRunning: computeWrites,
  tracked: true,
  locations: regions,
  patchesProperties: true,
};
