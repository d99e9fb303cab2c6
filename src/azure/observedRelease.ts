import * as z from "zod";
import type { GalleryRelease } from "../domain/follow/standing.ts";
import { mapObserved, type Observed } from "../domain/preflight/observed.ts";
import type { PlatformImageSource } from "../domain/source.ts";
import type { ArmReader } from "./armReader.ts";
import { list, text } from "./fields.ts";
import { GALLERY_VERSION } from "./observedImages.ts";
import { regionName } from "./observedSubscription.ts";
import { understood } from "./understood.ts";

const IMAGE_VERSION = "2024-07-01";
const name = z.string().transform(regionName);

const version = z
  .object({
    name: z.string(),
    properties: z.object({
      provisioningState: text,
      publishingProfile: z.object({
        excludeFromLatest: z.boolean().nullish(),
        publishedDate: text,
        targetRegions: list(z.object({ name, excludeFromLatest: z.boolean().nullish() })),
      }),
      replicationStatus: z.object({ summary: list(z.object({ region: name, state: z.string() })) }).nullish(),
    }),
  })
  .transform(({ name, properties: { provisioningState, publishingProfile: profile, replicationStatus } }) => ({
    name,
    state: provisioningState ?? "Succeeded",
    publishedAt: profile.publishedDate,
    isExcluded: profile.excludeFromLatest ?? false,
    regions: profile.targetRegions.map((region) => ({
      name: region.name,
      isExcluded: region.excludeFromLatest ?? false,
    })),
    replication: new Map((replicationStatus?.summary ?? []).map(({ region, state }) => [region, state])),
  }));

/** A version in a gallery, with where it is replicated to, and the others of its definition. */
export async function observeGalleryRelease(
  reader: ArmReader,
  definitionId: string,
  number: string,
): Promise<Observed<GalleryRelease>> {
  const path = `${definitionId}/versions`;
  const one = understood(
    await reader.get(`${path}/${number}`, GALLERY_VERSION, { $expand: "ReplicationStatus" }),
    version,
  );
  if (one.kind !== "found") return one;
  const all = understood(await reader.list(path, GALLERY_VERSION), z.array(version));
  return mapObserved(all, (others) => ({ ...one.value, others }));
}

/** The versions that the marketplace has of an image in a region, in whatever order. */
export async function observeListedVersions(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
  { publisher, offer, sku }: PlatformImageSource,
): Promise<Observed<readonly string[]>> {
  const path =
    `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}` +
    `/publishers/${publisher}/artifacttypes/vmimage/offers/${offer}/skus/${sku}/versions`;
  const listed = understood(await reader.list(path, IMAGE_VERSION), z.array(z.object({ name: z.string() })));
  return mapObserved(listed, (versions) => versions.map((one) => one.name));
}
