import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { apiVersions } from "./apiVersions.ts";

/** A type without behaviour of its own: the generic store keeps it. */
export const containerGroups: ResourceType = {
  type: "Microsoft.ContainerInstance/containerGroups",
  apiVersions,
  tracked: true,
  locations: regions,
};
