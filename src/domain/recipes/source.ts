import { z } from "zod";
import { idOf } from "./fields.ts";

const platformImage = z.strictObject({
  type: z.literal("PlatformImage"),
  publisher: z.string().min(1),
  offer: z.string().min(1),
  sku: z.string().min(1),
  version: z.string().min(1).default("latest"),
  /** Of an image that is bought: without it, Azure makes no machine of it. */
  planInfo: z
    .strictObject({ planPublisher: z.string().min(1), planProduct: z.string().min(1), planName: z.string().min(1) })
    .optional(),
});

/** An image of the company's own; of the recipe's location and of the service's subscription. */
const managedImage = z.strictObject({ type: z.literal("ManagedImage"), imageId: idOf("Microsoft.Compute/images") });

/** A version in a gallery, or the latest that there is when the build runs. */
const sharedImageVersion = z.strictObject({
  type: z.literal("SharedImageVersion"),
  imageVersionId: idOf("Microsoft.Compute/galleries/images/versions").refine(
    (id) => /\/(latest|\d+\.\d+\.\d+)$/i.test(id),
    { error: "ends in a version's number, or in latest" },
  ),
});

export const source = z.discriminatedUnion("type", [platformImage, managedImage, sharedImageVersion]);
