import { z } from "zod";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";

const sku = z.looseObject({ family: z.literal("A"), name: z.enum(["standard", "premium"]) });

/** Kept and no more: nobody's secrets lie here. */
export const vaults: ResourceType = {
  type: "Microsoft.KeyVault/vaults",
  apiVersions: ["2021-10-01", "2022-07-01", "2022-11-01", "2023-02-01", "2023-07-01", "2024-11-01", "2025-05-01"],
  tracked: true,
  locations: regions,
  shape: z.looseObject({ properties: z.looseObject({ tenantId: z.guid(), sku }) }),
};
