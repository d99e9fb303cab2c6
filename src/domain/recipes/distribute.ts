import * as z from "zod";
import { idOf, region } from "./fields.ts";
import { tags } from "./tags.ts";
import { TARGET_VHD, vhdFault } from "./vhdUrl.ts";

const DEFINITION = "Microsoft.Compute/galleries/images";

const named = {
  runOutputName: z
    .string()
    .regex(/^[A-Za-z0-9-_.]{1,64}$/, { error: "takes 1 to 64 letters, digits, -, _ and ." })
    .exactOptional()
    .describe("What image builder calls the output of this target; no two have the same.")
    .meta({ examples: ["gallery"] }),
  artifactTags: tags.exactOptional().describe("Tags of what is made here, beside the recipe's `tags`."),
};

const versioning = z
  .discriminatedUnion("scheme", [
    z.strictObject({
      scheme: z.literal("Latest"),
      major: z
        .int32()
        .min(-1)
        .exactOptional()
        .describe("Counts the last number of the highest version of that major on; of all where left out, or -1."),
    }),
    z.strictObject({ scheme: z.literal("Source") }).describe("Takes the number of the source's version."),
  ])
  .describe("How the version gets its number; `0`, the date and the time unless told.");

const sharedImage = z
  .strictObject({
    type: z.literal("SharedImage"),
    galleryImageId: idOf(DEFINITION, `${DEFINITION}/versions`)
      .refine((id) => !/\/versions\//i.test(id) || isVersionNumber(id.split("/").at(-1) ?? ""), {
        error: "ends in the id of a definition, or in a version of three numbers",
      })
      .describe(
        "The image definition; or one version of it, where `versioning` is left out: then it can be built once.",
      )
      .meta({
        examples: ["/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/company/images/ubuntu"],
      }),
    targetRegions: z
      .array(
        z.strictObject({
          name: region.describe("The region's name.").meta({ examples: ["westeurope"] }),
          replicaCount: z.int().min(1).max(100).default(1).describe("Copies there."),
          storageAccountType: z
            .enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS"])
            .default("Standard_LRS")
            .describe("What they lie on."),
        }),
      )
      .min(1)
      .describe("Where the version is replicated to; the definition's own region is among them."),
    excludeFromLatest: z.boolean().default(false).describe("Whether the version is never taken as the latest."),
    replicationMode: z
      .enum(["Full", "Shallow"])
      .exactOptional()
      .describe("`Shallow` is faster and only for trying out; `Full` unless told."),
    versioning: versioning.exactOptional(),
    ...named,
  })
  .superRefine(({ galleryImageId, versioning: scheme }, context) => {
    if (!scheme || !/\/versions\//i.test(galleryImageId)) return;
    context.addIssue({ code: "custom", path: ["versioning"], message: "goes without a version in galleryImageId" });
  })
  .describe("A version in a gallery.");

const managedImage = z
  .strictObject({
    type: z.literal("ManagedImage"),
    imageId: idOf("Microsoft.Compute/images").describe("What was there under that id before is replaced."),
    location: region.exactOptional().describe("The recipe's own location, and no other."),
    ...named,
  })
  .describe("A managed image, of the recipe's location and the service's subscription, without trusted launch.");

const WITHOUT_URI =
  "is missing: without one the VHD would lie in image builder's staging account, and go with it when the build ends. " +
  "Name a blob: https://account.blob.core.windows.net/container/name.vhd";

const vhd = z
  .strictObject({
    type: z.literal("VHD"),
    uri: z
      .string({ error: ({ input }) => (input === undefined ? WITHOUT_URI : undefined) })
      .regex(TARGET_VHD, {
        error: vhdFault(
          "takes the URL of a blob that ends in .vhd: https://account.blob.core.windows.net/container/name.vhd",
        ),
      })
      .describe("The blob that the VHD is written to, in a container that the trust zone has among its `destinations`.")
      .meta({ examples: ["https://stimages.blob.core.windows.net/vhds/ubuntu.vhd"] }),
    ...named,
  })
  .describe("A VHD, as a blob; what was there before is replaced.");

const target = z.discriminatedUnion("type", [sharedImage, managedImage, vhd]);

const sent = { runOutputName: z.string(), artifactTags: z.record(z.string(), z.string()) };

/** The same as image builder is sent it: with whole ids, and a name and tags for each output. */
export const sentTarget = z.discriminatedUnion("type", [
  sharedImage.safeExtend(sent),
  managedImage.safeExtend({ ...sent, location: region }),
  vhd.safeExtend(sent),
]);

export type SharedImageTarget = z.infer<typeof sharedImage>;
export type ManagedImageTarget = z.infer<typeof managedImage>;
export type VhdTarget = z.infer<typeof vhd>;
export type Target = SharedImageTarget | ManagedImageTarget | VhdTarget;

/** Azure has a list; most recipes have one target. */
export const distribute = z
  .union([target, z.array(target).min(1).max(10)])
  .transform((targets): Target[] => [targets].flat())
  .refine((targets) => new Set(targets.map(outputNameOf)).size === targets.length, {
    error: "has two targets with one runOutputName; give each its own",
  })
  .describe("Where the image goes: one target, or a list.");

const OUTPUTS = { SharedImage: "gallery", ManagedImage: "image", VHD: "disk" };

/** What the output of a target is called where the recipe has no name for it. */
export function runOutputNameOf({ type, runOutputName }: Target, at: number): string {
  return runOutputName ?? [OUTPUTS[type], at + 1].join("-").replace(/-1$/, "");
}

/** Azure compares without case. */
function outputNameOf(target: Target, at: number): string {
  return runOutputNameOf(target, at).toLowerCase();
}

function isVersionNumber(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 3 && parts.every((part) => /^(0|[1-9]\d{0,9})$/.test(part) && Number(part) < 2 ** 31);
}
