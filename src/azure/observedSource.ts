import * as z from "zod";
import type { ImportedImage } from "../domain/importedImage.ts";
import type { PurchasePlan, SourceImage } from "../domain/preflight/images.ts";
import { mapObserved, type Observed } from "../domain/preflight/observed.ts";
import { parentOf } from "../domain/resourceId.ts";
import type { PlatformImageSource, Source } from "../domain/source.ts";
import { compareVersions } from "../domain/versionOrder.ts";
import type { ArmReader } from "./armReader.ts";
import { list, text } from "./fields.ts";
import { GALLERY_VERSION, observeImageDefinition, securityType, system } from "./observedImages.ts";
import { regionName } from "./observedSubscription.ts";
import { understood } from "./understood.ts";

const IMAGE_VERSION = "2024-07-01";
const ACCOUNT_VERSION = "2024-01-01";

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
    regions: undefined,
    state: properties.imageDeprecationStatus?.imageState,
    deprecatedAt: properties.imageDeprecationStatus?.scheduledDeprecationTime,
  }));

const osDisk = z.object({
  osType: system,
  diskSizeGB: z.number().nullish(),
  blobUri: text,
  managedDisk: z.object({ id: text }).nullish(),
  snapshot: z.object({ id: text }).nullish(),
});

const managedImage = z
  .object({
    name: z.string(),
    location: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.object({
      hyperVGeneration: text,
      storageProfile: z.object({ osDisk }).nullish(),
    }),
  })
  .transform(({ name, location, tags, properties: { hyperVGeneration, storageProfile } }): SourceImage => ({
    version: name,
    content: contentOf(storageProfile?.osDisk, tags?.["goldsmith-build"]),
    operatingSystem: storageProfile?.osDisk.osType,
    generation: hyperVGeneration,
    architecture: undefined,
    // There are no managed images of machines with trusted launch.
    securityType: "Standard",
    diskGB: storageProfile?.osDisk.diskSizeGB ?? undefined,
    plan: undefined,
    regions: [regionName(location)],
    state: undefined,
    deprecatedAt: undefined,
  }));

/**
 * What tells one managed image from another of the same name: Azure tells neither when it was made nor a hash, but what
 * it was made of, and in its tags the build of ours that made it.
 */
function contentOf(disk: z.infer<typeof osDisk> | undefined, buildId: string | undefined): string | undefined {
  const parts = [disk?.managedDisk?.id, disk?.snapshot?.id, disk?.blobUri, buildId];
  return parts.filter((part) => part !== undefined).join(" ") || undefined;
}

/** A version as a source: what it is for itself, without what its definition says. */
const sourceVersion = z.object({
  name: z.string().regex(/^\d+\.\d+\.\d+$/),
  properties: z.object({
    publishingProfile: z.object({
      excludeFromLatest: z.boolean().nullish(),
      endOfLifeDate: text,
      publishedDate: text,
      targetRegions: list(
        z.object({ name: z.string().transform(regionName), excludeFromLatest: z.boolean().nullish() }),
      ),
    }),
    storageProfile: z.object({ osDiskImage: z.object({ sizeInGB: z.number().nullish() }).nullish() }).nullish(),
  }),
});

/** What a source means now. */
export async function observeSource(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
  source: Source,
): Promise<Observed<SourceImage>> {
  if (source.type === "PlatformImage") return observePlatformImage(reader, subscriptionId, location, source);
  if (source.type === "SharedImageVersion") return observeSourceVersion(reader, location, source.imageVersionId);
  return understood(await reader.get(source.imageId, IMAGE_VERSION), managedImage);
}

const account = z
  .object({ name: z.string(), location: z.string().transform(regionName) })
  .transform(({ name, location }) => ({ name, location }));

/** What a VHD will be once it is imported: as the recipe says, where its account is. What is in the account is not read. */
export async function observeDisk(
  reader: ArmReader,
  { storageAccountId, osType, hyperVGeneration }: ImportedImage,
): Promise<Observed<SourceImage>> {
  const found = understood(await reader.get(storageAccountId, ACCOUNT_VERSION), account);
  return mapObserved(found, ({ name, location }) => ({
    version: name,
    operatingSystem: osType,
    generation: hyperVGeneration,
    architecture: undefined,
    securityType: "Standard",
    diskGB: undefined,
    plan: undefined,
    regions: [location],
    state: undefined,
    deprecatedAt: undefined,
  }));
}

/** A version is of the kind that its definition says. */
async function observeSourceVersion(reader: ArmReader, location: string, id: string): Promise<Observed<SourceImage>> {
  const [answer, kind] = await Promise.all([
    observeExactVersion(reader, location, id),
    observeImageDefinition(reader, parentOf(id)),
  ]);
  if (answer.kind !== "found") return answer;
  if (kind.kind !== "found") return kind;
  const { name, properties } = answer.value;
  const { endOfLifeDate, publishedDate, targetRegions } = properties.publishingProfile;
  const { operatingSystem, generation, architecture, securityType: type } = kind.value;
  const hasEnded = endOfLifeDate !== undefined && Date.parse(endOfLifeDate) < Date.now();
  return {
    ...answer,
    value: {
      version: name,
      publishedAt: publishedDate,
      operatingSystem,
      generation,
      architecture,
      securityType: type,
      diskGB: properties.storageProfile?.osDiskImage?.sizeInGB ?? undefined,
      plan: undefined,
      regions: targetRegions.map((region) => region.name),
      // An owner's word that machines are made of all the same.
      state: hasEnded ? "ScheduledForDeprecation" : undefined,
      deprecatedAt: endOfLifeDate,
    },
  };
}

/** What `latest` means: the highest number in the region that is not kept out of it. */
async function observeExactVersion(
  reader: ArmReader,
  location: string,
  id: string,
): Promise<Observed<z.infer<typeof sourceVersion>>> {
  if (!/\/latest$/i.test(id)) return understood(await reader.get(id, GALLERY_VERSION), sourceVersion);
  const path = parentOf(id) + "/versions";
  const all = understood(await reader.list(path, GALLERY_VERSION), z.array(sourceVersion));
  if (all.kind !== "found") return all;
  const [latest] = all.value
    .filter(({ properties: { publishingProfile } }) => {
      const here = publishingProfile.targetRegions.find(({ name }) => name === location);
      return here && !here.excludeFromLatest && !publishingProfile.excludeFromLatest;
    })
    .toSorted((one, other) => compareVersions(other.name, one.name));
  return latest ? { ...all, resource: id, value: latest } : { resource: id, kind: "absent" };
}

/** The version that a marketplace source means now. */
async function observePlatformImage(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
  { publisher, offer, sku, version }: PlatformImageSource,
): Promise<Observed<SourceImage>> {
  const path =
    `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}` +
    `/publishers/${publisher}/artifacttypes/vmimage/offers/${offer}/skus/${sku}/versions`;
  if (version.toLowerCase() !== "latest")
    return understood(await reader.get(`${path}/${version}`, IMAGE_VERSION), image);
  const query = { $expand: "Properties", $top: "1", $orderby: "name desc" };
  const listed = await reader.list(path, IMAGE_VERSION, query);
  if (listed.kind !== "found") return listed;
  const [newest] = listed.value;
  return newest === undefined ? { resource: path, kind: "absent" } : understood({ ...listed, value: newest }, image);
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
