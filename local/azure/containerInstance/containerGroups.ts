import { z } from "zod";
import { inRegion, usage } from "../arm/quotaUsage.ts";
import { listed, type ResourceType } from "../arm/resourceType.ts";
import { fullBody, list, object, part, text } from "../arm/shapes.ts";

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
  list(azure, request) {
    const { containerQuota } = azure.settings;
    const groups = inRegion(azure, containerGroups.type, request).length;
    const row = (name: string, shown: string, used: number) => ({
      id: `${request.target.id}/${name}`,
      ...usage(name, shown, used, containerQuota),
    });
    return listed([
      row("ContainerGroups", "Container Groups", groups),
      row("StandardCores", "Standard Cores", groups * CORES),
    ]);
  },
};
