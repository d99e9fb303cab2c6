import * as z from "zod";
import { inRegion, type Usage, usage } from "../arm/quotaUsage.ts";
import { listed, type ResourceType } from "../arm/resourceType.ts";
import { fullBody, list, object, part, text } from "../arm/shapes.ts";
import type { Azure } from "../azure.ts";

export const apiVersions = ["2021-10-01", "2022-09-01", "2023-05-01", "2025-09-01"];

/** Nothing runs in them; image builder has one beside the machine that it builds on. */
export const containerGroups: ResourceType = {
  type: "Microsoft.ContainerInstance/containerGroups",
  apiVersions,
  tracked: true,
  setByAzure: ["instanceView", "isCreatedFromStandbyPool"],
  shape: fullBody({
    containers: z
      .array(
        object({
          name: z.string(),
          properties: object({
            image: text,
            resources: part({ requests: object({ cpu: z.number(), memoryInGB: z.number() }) }),
          }),
        }),
      )
      .min(1),
    osType: z.enum(["Linux", "Windows"]).optional(),
    subnetIds: list({ id: z.string() }),
  }),
};

/** Cores that image builder's container group takes: Microsoft says up to four a build. */
const CORES = 4;

export const containerUsages: ResourceType = {
  type: "Microsoft.ContainerInstance/locations/usages",
  apiVersions,
  readOnly: true,
  list(azure, { target }) {
    const usages = containerUsagesOf(azure, target.names[0] ?? "");
    return listed(usages.map((one) => ({ id: `${target.id}/${one.name.value}`, ...one })));
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
