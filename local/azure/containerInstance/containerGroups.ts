import { z } from "zod";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { apiVersions } from "./apiVersions.ts";

const requests = z.looseObject({ cpu: z.number(), memoryInGB: z.number() });
const container = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ image: z.string().optional(), resources: z.looseObject({ requests }).optional() }),
});

/** Nothing runs in them; image builder has one beside the machine that it builds on. */
export const containerGroups: ResourceType = {
  type: "Microsoft.ContainerInstance/containerGroups",
  apiVersions,
  tracked: true,
  locations: regions,
  setByAzure: ["instanceView", "isCreatedFromStandbyPool"],
  shape: z.looseObject({
    properties: z.looseObject({
      containers: z.array(container).min(1),
      osType: z.enum(["Linux", "Windows"]).optional(),
      subnetIds: z.array(z.looseObject({ id: z.string() })).optional(),
    }),
  }),
};
