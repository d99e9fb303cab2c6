import { z } from "zod";
import type { GalleryVersion, ImageDefinition, OperatingSystem, PlatformImage } from "../domain/preflight/images.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import type { WholePlan } from "../domain/plan.ts";
import type { ArmReader } from "./armReader.ts";
import { text } from "./fields.ts";
import { regionName } from "./observedSubscription.ts";
import { understood } from "./understood.ts";

const IMAGE_VERSION = "2024-07-01";
const GALLERY_VERSION = "2024-03-03";

const system = text.transform((value): OperatingSystem | undefined =>
  /^windows$/i.test(value ?? "") ? "Windows" : /^linux$/i.test(value ?? "") ? "Linux" : undefined,
);

const image = z
  .object({
    name: z.string(),
    properties: z.object({
      hyperVGeneration: text,
      architecture: text,
      osDiskImage: z.object({ operatingSystem: system }).nullish(),
      plan: z.object({}).nullish(),
      imageDeprecationStatus: z.object({ imageState: text, scheduledDeprecationTime: text }).nullish(),
    }),
  })
  .transform(({ name, properties }): PlatformImage => ({
    version: name,
    operatingSystem: properties.osDiskImage?.operatingSystem,
    generation: properties.hyperVGeneration,
    architecture: properties.architecture,
    hasPlan: Boolean(properties.plan),
    state: properties.imageDeprecationStatus?.imageState,
    deprecatedAt: properties.imageDeprecationStatus?.scheduledDeprecationTime,
  }));

const definition = z
  .object({
    location: z.string(),
    properties: z.object({ osType: system, osState: text, hyperVGeneration: text, architecture: text }),
  })
  .transform(({ location, properties }): ImageDefinition => ({
    location: regionName(location),
    operatingSystem: properties.osType,
    // What Azure takes where they are left out.
    generation: properties.hyperVGeneration ?? "V1",
    architecture: properties.architecture ?? "x64",
    state: properties.osState,
  }));

const galleryVersion = z
  .object({
    name: z.string().regex(/^\d+\.\d+\.\d+$/),
    properties: z.object({ publishingProfile: z.object({ excludeFromLatest: z.boolean().nullish() }).nullish() }),
  })
  .transform(({ name, properties }): GalleryVersion => ({
    name,
    isExcluded: properties.publishingProfile?.excludeFromLatest ?? false,
  }));

/** The version that a marketplace source means now. */
export async function observePlatformImage(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
  { publisher, offer, sku, version }: WholePlan["template"]["source"],
): Promise<Observed<PlatformImage>> {
  const path =
    `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}` +
    `/publishers/${publisher}/artifacttypes/vmimage/offers/${offer}/skus/${sku}/versions`;
  let wanted = version;
  if (version.toLowerCase() === "latest") {
    const newest = await reader.list(path, IMAGE_VERSION, { $top: "1", $orderby: "name desc" });
    const named = understood(newest, z.array(z.object({ name: z.string() })));
    if (named.kind !== "found") return named;
    if (!named.value[0]) return { resource: path, kind: "absent" };
    wanted = named.value[0].name;
  }
  return understood(await reader.get(`${path}/${wanted}`, IMAGE_VERSION), image);
}

export async function observeImageDefinition(reader: ArmReader, id: string): Promise<Observed<ImageDefinition>> {
  return understood(await reader.get(id, GALLERY_VERSION), definition);
}

/** Those of a definition, in whatever order. */
export async function observeVersions(
  reader: ArmReader,
  definitionId: string,
): Promise<Observed<readonly GalleryVersion[]>> {
  return understood(await reader.list(`${definitionId}/versions`, GALLERY_VERSION), z.array(galleryVersion));
}
