import { z } from "zod";
import { idOf, region } from "./fields.ts";

export const distribute = z.strictObject({
  type: z.literal("SharedImage"),
  galleryImageId: idOf("Microsoft.Compute/galleries/images"),
  targetRegions: z
    .array(
      z.strictObject({
        name: region,
        replicaCount: z.int().min(1).max(100).default(1),
        storageAccountType: z.enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS"]).default("Standard_LRS"),
      }),
    )
    .min(1),
  excludeFromLatest: z.boolean().default(false),
  versioning: z.strictObject({ scheme: z.literal("Latest"), major: z.int().min(0) }).optional(),
});
