import { z } from "zod";
import { line } from "./buildRequest.ts";
import { parentOf, parseResourceId, sameId } from "./resourceId.ts";
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

const subnet = idOf("Microsoft.Network/virtualNetworks/subnets");

const tags = z.record(z.string().min(1).max(512), z.string().max(256));
const region = z.string().regex(/^[a-z0-9]+$/, { error: "takes a region's name: westeurope, not West Europe" });

/** What image builder itself takes where it is told none. */
const DEFAULT_MINUTES = 240;

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

const uri = z.string().refine((text) => URL.canParse(text), { error: "is not a URI" });
const sha256Checksum = z.string().regex(/^[0-9a-f]{64}$/, { error: "takes 64 hexadecimal digits in lower case" });
const stepName = z.string().min(1).max(80);

const shell = z
  .strictObject({
    type: z.literal("Shell"),
    name: stepName,
    /** Commands, or … */
    inline: z.array(z.string()).min(1).optional(),
    /** … a script that image builder fetches as the template is made, and the checksum that it has to have. */
    scriptUri: uri.optional(),
    sha256Checksum: sha256Checksum.optional(),
  })
  .refine(({ inline, scriptUri }) => Boolean(inline) !== Boolean(scriptUri), {
    error: "takes either inline or scriptUri",
  })
  .refine(({ inline, sha256Checksum: checksum }) => !inline || !checksum, {
    error: "takes a sha256Checksum with scriptUri only",
  });

/** A file, of less than 20 MB, that image builder fetches as the template is made and puts onto the build VM. */
const file = z.strictObject({
  type: z.literal("File"),
  name: stepName,
  sourceUri: uri,
  sha256Checksum: sha256Checksum.optional(),
  /** Its whole path. */
  destination: z.string().startsWith("/"),
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

/** A host name; its first label may be `*`, which stands for one or more labels, as Azure Firewall takes it. */
const egressName = z.strictObject({
  name: z
    .string()
    .max(253)
    .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: "takes a host name in lower case; its first label may be *",
    }),
  ports: z.array(z.int().min(1).max(65_535)).min(1).default([443]),
});

interface Attached {
  subnetId?: string | undefined;
  containerInstanceSubnetId?: string | undefined;
  proxyVmSize?: string | undefined;
}

/** What image builder asks of the subnets together; it refuses the template otherwise. */
function checkTopology(vm: Attached, context: z.RefinementCtx<Attached>): void {
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = vm;
  const fault = (path: keyof Attached, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (proxyVmSize && !subnetId) fault("proxyVmSize", "needs a subnetId: there is no proxy VM without one");
  if (!containerInstanceSubnetId) return;
  if (proxyVmSize) fault("proxyVmSize", "goes without containerInstanceSubnetId: there is no proxy VM with it");
  if (!subnetId) return fault("containerInstanceSubnetId", "needs a subnetId, for the build VM");
  const sameNetwork = sameId(parentOf(subnetId), parentOf(containerInstanceSubnetId));
  if (!sameNetwork || sameId(subnetId, containerInstanceSubnetId)) {
    fault("containerInstanceSubnetId", "must be another subnet of the same virtual network, its id written alike");
  }
}

/** What a person writes into `images/<name>.yaml`. Fields are Azure's where Azure has the thing. */
export const Recipe = z.strictObject({
  name: imageName,
  description: z.string().min(1).max(500),
  location: region,
  /** The trust zone whose builder builds it: what it may use is in the service's settings. */
  zone: zoneName.default("default"),
  source: z.discriminatedUnion("type", [platformImage, managedImage, sharedImageVersion]),
  customize: z.array(z.discriminatedUnion("type", [shell, file])).min(1),
  distribute: sharedImage,
  vm: z
    .strictObject({
      size: z.string().min(1),
      osDiskSizeGB: z.int().min(0).max(4095).default(0),
      /** Without one, image builder makes a network of its own for the build. */
      subnetId: subnet.optional(),
      /** A second subnet, for packer's container: then there is no proxy VM and no private link. */
      containerInstanceSubnetId: subnet.optional(),
      /** Of the proxy VM that goes into a single subnet; Standard_A1_v2 unless told. */
      proxyVmSize: z.string().min(1).optional(),
    })
    .superRefine(checkTopology),
  /** Host names that the customizers reach, and at which ports. */
  egress: z.array(egressName).default([]),
  /** Warnings of the preflight that are put up with, each for a reason. */
  accept: z.array(z.strictObject({ code: z.string().regex(/^[a-z0-9-]+$/), reason: line(300) })).default([]),
  tags: tags.default({}),
  /** Minutes after which image builder ends the build itself; 0: those that it takes by default. */
  timeoutMinutes: z
    .int()
    .min(0)
    .max(960)
    .refine((minutes) => minutes === 0 || minutes > 5, {
      error: "image builder's schema takes 1 to 5, and the build then fails: write 0 for its default, or 6 to 960",
    })
    .transform((minutes) => minutes || DEFAULT_MINUTES)
    .default(DEFAULT_MINUTES),
  schedule: z
    .strictObject({
      /** Five fields: minute, hour, day of month, month, day of week. */
      cron: z.string().min(1),
      timeZone: z.string().min(1).default("UTC"),
    })
    .optional(),
});

export type Recipe = z.infer<typeof Recipe>;
