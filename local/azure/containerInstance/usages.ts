import { inRegion, type Usage, usage } from "../arm/quotaUsage.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { apiVersions } from "./apiVersions.ts";
import { containerGroups } from "./containerGroups.ts";

/** Cores that image builder's container group takes: Microsoft says up to four a build. */
const CORES = 4;

export const containerUsages: ResourceType = {
  type: "Microsoft.ContainerInstance/locations/usages",
  apiVersions,
  readOnly: true,
  list(azure, { target }) {
    const usages = containerUsagesOf(azure, target.names[0] ?? "");
    const value = usages.map((one) => ({ id: `${target.id}/${one.name.value}`, ...one }));
    return { status: 200, body: { value } };
  },
};

/** What is used of each quota in a region, by the container groups that are there. */
export function containerUsagesOf(azure: Azure, region: string): Usage[] {
  const { containerQuota } = azure.settings;
  const groups = inRegion(azure, containerGroups.type, region).length;
  return [
    usage("ContainerGroups", "Container Groups", groups, containerQuota),
    usage("StandardCores", "Standard Cores", groups * CORES, containerQuota),
  ];
}
