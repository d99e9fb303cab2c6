import { inRegion, usage } from "../arm/quotaUsage.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { apiVersions } from "./apiVersions.ts";
import { containerGroups } from "./containerGroups.ts";

/** Cores that image builder's container group takes: Microsoft says up to four a build. */
const CORES = 4;

export const containerUsages: ResourceType = {
  type: "Microsoft.ContainerInstance/locations/usages",
  apiVersions,
  readOnly: true,
  list(azure, request) {
    const { containerQuota } = azure.settings;
    const groups = inRegion(azure, containerGroups.type, request).length;
    const row = (name: string, shown: string, used: number) => ({
      id: `${request.target.id}/${name}`,
      ...usage(name, shown, used, containerQuota),
    });
    const value = [
      row("ContainerGroups", "Container Groups", groups),
      row("StandardCores", "Standard Cores", groups * CORES),
    ];
    return { status: 200, body: { value } };
  },
};
