import { AzureError } from "../arm/errors.ts";
import { displayName, regionName, regions, zonedRegions } from "../arm/regions.ts";
import type { Json } from "../store/state.ts";
import { requireName } from "./galleries.ts";

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
export function checkTargets(targets: Target[], { location }: Json): void {
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
