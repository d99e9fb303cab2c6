import * as z from "zod";
import type { GalleryVersion, ImageDefinition, OperatingSystem } from "../domain/preflight/images.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import type { ArmReader } from "./armReader.ts";
import { text } from "./fields.ts";
import { regionName } from "./observedSubscription.ts";
import { understood } from "./understood.ts";

export const GALLERY_VERSION = "2024-03-03";

export const system = text.transform((value): OperatingSystem | undefined =>
  /^windows$/i.test(value ?? "") ? "Windows" : /^linux$/i.test(value ?? "") ? "Linux" : undefined,
);

/** What a list of features tells of security; nothing where there is none. */
export const securityType = z
  .array(z.object({ name: z.string(), value: text }))
  .nullish()
  .transform((all) => all && (all.find(({ name }) => /^securityType$/i.test(name))?.value ?? "Standard"))
  .transform((value) => value ?? undefined);

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

export async function observeImageDefinition(reader: ArmReader, id: string): Promise<Observed<ImageDefinition>> {
  return understood(await reader.get(id, GALLERY_VERSION), definition);
}

const taggedVersion = z.object({ id: z.string(), tags: z.record(z.string(), z.string()).nullish() });

/** Ids of those of a definition that are tagged as made by a build. */
export async function observeVersionsOfBuild(
  reader: ArmReader,
  definitionId: string,
  buildId: string,
): Promise<Observed<readonly string[]>> {
  const ofBuild = z
    .array(taggedVersion)
    .transform((all) => all.filter(({ tags }) => tags?.["goldsmith-build"] === buildId).map(({ id }) => id));
  return understood(await reader.list(`${definitionId}/versions`, GALLERY_VERSION), ofBuild);
}

/** Those of a definition, in whatever order. */
export async function observeVersions(
  reader: ArmReader,
  definitionId: string,
): Promise<Observed<readonly GalleryVersion[]>> {
  return understood(await reader.list(`${definitionId}/versions`, GALLERY_VERSION), z.array(galleryVersion));
}
