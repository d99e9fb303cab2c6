import { z } from "zod";
import type {
  GalleryVersion,
  PurchasePlan,
  ImageDefinition,
  OperatingSystem,
  SourceImage,
} from "../domain/preflight/images.ts";
import { mapObserved, type Observed } from "../domain/preflight/observed.ts";
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

/** What a list of features tells of security; nothing where there is none. */
const securityType = z
  .array(z.object({ name: z.string(), value: text }))
  .nullish()
  .transform((all) => all && (all.find(({ name }) => /^securityType$/i.test(name))?.value ?? "Standard"))
  .transform((value) => value ?? undefined);

const image = z
  .object({
    name: z.string(),
    properties: z.object({
      hyperVGeneration: text,
      architecture: text,
      osDiskImage: z.object({ operatingSystem: system, sizeInGb: z.number().nullish() }).nullish(),
      features: securityType,
      plan: z
        .object({ publisher: z.string(), product: z.string(), name: z.string() })
        .nullish()
        .transform((value) => value ?? undefined),
      imageDeprecationStatus: z.object({ imageState: text, scheduledDeprecationTime: text }).nullish(),
    }),
  })
  .transform(({ name, properties }): SourceImage => ({
    version: name,
    operatingSystem: properties.osDiskImage?.operatingSystem,
    generation: properties.hyperVGeneration,
    architecture: properties.architecture,
    securityType: properties.features,
    diskGB: properties.osDiskImage?.sizeInGb ?? undefined,
    plan: properties.plan,
    state: properties.imageDeprecationStatus?.imageState,
    deprecatedAt: properties.imageDeprecationStatus?.scheduledDeprecationTime,
  }));

const definition = z
  .object({
    location: z.string(),
    properties: z.object({
      osType: system,
      osState: text,
      hyperVGeneration: text,
      architecture: text,
      features: securityType,
    }),
  })
  .transform(({ location, properties }): ImageDefinition => ({
    location: regionName(location),
    operatingSystem: properties.osType,
    // What Azure takes where they are left out.
    generation: properties.hyperVGeneration ?? "V1",
    architecture: properties.architecture ?? "x64",
    state: properties.osState,
    securityType: properties.features ?? "Standard",
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
): Promise<Observed<SourceImage>> {
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

/** Whether the subscription has accepted the terms of a purchase plan. */
export async function observeTerms(
  reader: ArmReader,
  subscriptionId: string,
  { publisher, product, name }: PurchasePlan,
): Promise<Observed<boolean>> {
  const path =
    `/subscriptions/${subscriptionId}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine` +
    `/publishers/${publisher}/offers/${product}/plans/${name}/agreements/current`;
  const terms = z.object({ properties: z.object({ accepted: z.boolean() }) });
  return mapObserved(understood(await reader.get(path, "2021-01-01"), terms), ({ properties }) => properties.accepted);
}
