import { z } from "zod";
import { parseResourceId } from "./resourceId.ts";
import { zoneName } from "./trustZone.ts";

/** A name of ours: it becomes part of build ids, template names and blob paths. */
export const imageName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(24);

const idOf = (type: string) =>
  z
    .string()
    .refine(
      (id) =>
        parseResourceId(
          id.replace(/^\/resourceGroups\//i, `/subscriptions/${"0".repeat(36)}/resourceGroups/`),
        )?.type.toLowerCase() === type.toLowerCase(),
      { error: `is not the id of a ${type}; it may begin at /resourceGroups/` },
    );

const tags = z.record(z.string().min(1).max(512), z.string().max(256));
const region = z.string().regex(/^[a-z0-9]+$/, { error: "takes a region's name: westeurope, not West Europe" });

const platformImage = z.strictObject({
  type: z.literal("PlatformImage"),
  publisher: z.string().min(1),
  offer: z.string().min(1),
  sku: z.string().min(1),
  version: z.string().min(1).default("latest"),
});

const shell = z.strictObject({
  type: z.literal("Shell"),
  name: z.string().min(1).max(80),
  inline: z.array(z.string()).min(1),
});

const sharedImage = z.strictObject({
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

/** What a person writes into `images/<name>.yaml`. Fields are Azure's where Azure has the thing. */
export const Recipe = z.strictObject({
  name: imageName,
  description: z.string().min(1).max(500),
  location: region,
  /** The trust zone whose builder builds it: what it may use is in the service's settings. */
  zone: zoneName.default("default"),
  source: platformImage,
  customize: z.array(shell).min(1),
  distribute: sharedImage,
  vm: z.strictObject({
    size: z.string().min(1),
    osDiskSizeGB: z.int().min(0).max(4095).default(0),
    subnetId: idOf("Microsoft.Network/virtualNetworks/subnets"),
    proxyVmSize: z.string().min(1).default("Standard_A1_v2"),
  }),
  tags: tags.default({}),
  /** Minutes after which image builder ends the build itself. It fails on 1 to 5, which its schema allows. */
  timeoutMinutes: z.int().min(6).max(960).default(240),
  schedule: z
    .strictObject({
      /** Five fields: minute, hour, day of month, month, day of week. */
      cron: z.string().min(1),
      timeZone: z.string().min(1).default("UTC"),
    })
    .optional(),
});

export type Recipe = z.infer<typeof Recipe>;
