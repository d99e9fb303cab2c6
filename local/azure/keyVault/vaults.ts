import * as z from "zod";
import type { ResourceType } from "../arm/resourceType.ts";
import { fullBody, object } from "../arm/shapes.ts";

/** Kept and no more: nobody's secrets lie here. */
export const vaults: ResourceType = {
  type: "Microsoft.KeyVault/vaults",
  apiVersions: ["2021-10-01", "2022-07-01", "2022-11-01", "2023-02-01", "2023-07-01", "2024-11-01", "2025-05-01"],
  tracked: true,
  shape: fullBody({
    tenantId: z.guid(),
    sku: object({ family: z.literal("A"), name: z.enum(["standard", "premium"]) }),
  }),
};
