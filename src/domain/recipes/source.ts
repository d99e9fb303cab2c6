import * as z from "zod";
import { idOf, imageName, shorthand } from "./fields.ts";
import { SOURCE_VHD, vhdFault } from "./vhdUrl.ts";

const platformImage = z
  .strictObject({
    type: z.literal("PlatformImage"),
    publisher: z
      .string()
      .min(1)
      .describe("Of the image in the marketplace.")
      .meta({ examples: ["Canonical"] }),
    offer: z
      .string()
      .min(1)
      .describe("Its offer.")
      .meta({ examples: ["ubuntu-24_04-lts"] }),
    sku: z
      .string()
      .min(1)
      .describe("Its SKU.")
      .meta({ examples: ["server"] }),
    version: z
      .string()
      .min(1)
      .default("latest")
      .describe("A version, or `latest`: that of when the build is decided or runs."),
    planInfo: z
      .strictObject({
        planPublisher: z.string().min(1).describe("Publisher of the plan."),
        planProduct: z.string().min(1).describe("Product of the plan."),
        planName: z.string().min(1).describe("Name of the plan."),
      })
      .exactOptional()
      .describe("Of an image that is bought: without it, Azure makes no machine of it."),
  })
  .describe("An image of the marketplace.");

const managedImage = z
  .strictObject({
    type: z.literal("ManagedImage"),
    imageId: idOf("Microsoft.Compute/images").describe("The managed image."),
  })
  .describe("An image of the company's own, of the recipe's location and the service's subscription.");

const sharedImageVersion = z
  .strictObject({
    type: z.literal("SharedImageVersion"),
    imageVersionId: idOf("Microsoft.Compute/galleries/images/versions")
      .refine((id) => /\/(latest|\d+\.\d+\.\d+)$/i.test(id), { error: "ends in a version's number, or in latest" })
      .describe("The version; `latest` at its end means that of when the build is decided or runs.")
      .meta({
        examples: [
          "/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/company/images/base/versions/latest",
        ],
      }),
  })
  .describe("A version in a gallery, replicated to the recipe's location.");

const recipe = z
  .strictObject({
    type: z.literal("Recipe"),
    recipe: imageName
      .describe("The other recipe's name. Its image definition's latest version is taken; or its managed image.")
      .meta({ examples: ["ubuntu-base"] }),
  })
  .describe("What another recipe makes: `source: {recipe: ubuntu-base}`, the `type` need not be written.");

const vhd = z
  .strictObject({
    type: z.literal("Vhd"),
    vhd: z
      .string()
      .regex(/^[^?#]*$/, {
        error: "takes no query: whoever has a signed URL can read the blob, and this one is no secret",
        abort: true,
      })
      .regex(SOURCE_VHD, {
        error: vhdFault(
          "is not https://<account>.blob.core.windows.net/<container>/<name>.vhd, which is all that Azure imports",
        ),
      })
      .describe("The blob, a page blob in an account of the recipe's location and the service's subscription.")
      .meta({ examples: ["https://stcompanyvhds.blob.core.windows.net/vhds/ubuntu-base.vhd"] }),
    osType: z.enum(["Linux", "Windows"]).describe("What runs on it: the VHD does not say."),
    hyperVGeneration: z.enum(["V1", "V2"]).describe("Generation of the machine that it was made on."),
    keepImage: z
      .boolean()
      .default(false)
      .describe("Whether the managed image stays after a build that made an image, to add replica regions from."),
  })
  .describe(
    "A generalized disk that was made elsewhere: it is imported to a managed image, which goes with the build. `source: {vhd: …}`, the `type` need not be written.",
  );

/** What image builder itself can begin with. */
export const azureSource = z.discriminatedUnion("type", [platformImage, managedImage, sharedImageVersion]);

export const source = shorthand(
  z.discriminatedUnion("type", [platformImage, managedImage, sharedImageVersion, recipe, vhd]),
);
