import { armErrors, badRequest } from "../arm/errors.ts";
import { parseId } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { images } from "../compute/computeTypes.ts";
import { imageDefinitions } from "../compute/galleries.ts";
import { compareVersions, imageVersions, versionsOf } from "../compute/imageVersions.ts";
import { replicate } from "../compute/replication.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { announcement, calling, put, requireBuilderRight } from "./builderCalls.ts";
import { architecture, definitionOf, diskSize, exactVersion, hyperVGeneration, isWindowsBuild } from "./sourceImage.ts";
import type { Distributor, Source } from "./templateSchema.ts";
import type { Build, Template } from "./templateState.ts";

type SharedImage = Distributor & { type: "SharedImage" };

/**
 * Writes an image version, in the region of its definition.
 *
 * @param milliseconds until it is replicated to the first region.
 * @returns how long it takes to all.
 * @throws CallFailed
 */
export function distributeToGallery(build: Build, target: SharedImage, milliseconds: number): number {
  const { azure, template, run } = build;
  const { source } = template.body.properties;
  const exact = exactVersion(azure, source, template.body.location) ?? "";
  const definitionId = definitionOf(target.galleryImageId);
  const id = `${definitionId}/versions/${versionNumber(azure, target, exact.split("/").at(-1) ?? "")}`;
  const definition = calling("GalleryImagesClient#Get", () => existingDefinition(azure, definitionId));
  const version = calling("GalleryImageVersionsClient#CreateOrUpdate", () => {
    requireBuilderRight(azure, template, `${imageVersions.type}/write`, id);
    requireSameKind(azure, source, definition);
    if (findResource(azure, id)) throw armErrors.Conflict(`The image version ${id} already exists.`);
    const captured = captureImage(build);
    return put(azure, imageVersions, id, versionOf(template, captured, target, definition.body.location));
  });
  run.outputs.push({ name: target.runOutputName, artifact: { artifactId: id } });
  version.hidden = { announcement: announcement(build, imageVersions.type, id) };
  return replicate(azure, version, milliseconds);
}

function existingDefinition(azure: Azure, id: string): StoredResource {
  const definition = findResource(azure, id);
  if (definition) return definition;
  throw armErrors.ResourceNotFound(imageDefinitions.type, id, parseId(id).names);
}

/** An image is of its source's generation, system and architecture, and generalized; so has its definition to be. */
function requireSameKind(azure: Azure, source: Source, { body }: StoredResource): void {
  const built = hyperVGeneration(azure, source);
  const wanted = body.properties as {
    hyperVGeneration?: string;
    osType?: string;
    osState?: string;
    architecture?: string;
  };
  const system = isWindowsBuild(azure, source) ? "Windows" : "Linux";
  const machine = architecture(azure, source);
  if (built && wanted.hyperVGeneration && built !== wanted.hyperVGeneration) {
    throw invalid(
      `The image has a different Hyper-V Generation ['${built}'] than the parent gallery image Hyper-V Generation ['${wanted.hyperVGeneration}'].`,
    );
  }
  if (wanted.osType && wanted.osType !== system) {
    throw invalid(
      `The image has a different OS type ['${system}'] than the parent gallery image OS type generation ['${wanted.osType}']`,
    );
  }
  if (wanted.osState && wanted.osState !== "Generalized") {
    throw invalid(
      `Cannot create Gallery Image Version from: the image since the OS State in the parent gallery image (${wanted.osState}) is not Generalized.`,
    );
  }
  if (machine && wanted.architecture && machine !== wanted.architecture) {
    throw invalid(
      `The image has a different architecture ['${machine}'] than the parent gallery image architecture ['${wanted.architecture}'].`,
    );
  }
}

const invalid = (message: string) => badRequest("InvalidParameter", message);

/** The body of the version's PUT. Where no regions are named it is where its definition is. */
function versionOf({ body }: Template, captured: string, target: SharedImage, location: unknown): Json {
  const { targetRegions, replicationRegions, storageAccountType, replicationMode, excludeFromLatest } = target;
  const regions = targetRegions ?? replicationRegions?.map((name) => ({ name, storageAccountType })) ?? [];
  return {
    location,
    tags: { ...target.artifactTags },
    properties: {
      publishingProfile: {
        targetRegions: regions.map((region) => ({
          name: region.name,
          regionalReplicaCount: ("replicaCount" in region && region.replicaCount) || 1,
          storageAccountType: region.storageAccountType ?? "Standard_LRS",
        })),
        excludeFromLatest: excludeFromLatest ?? false,
        ...(replicationMode ? { replicationMode } : {}),
      },
      storageProfile: {
        source: { id: captured },
        osDiskImage: { sizeInGB: diskSize({ body }), hostCaching: "ReadWrite", source: {} },
      },
    },
  };
}

/** A managed image of what was built: of its generation and system, and as large as the disk. */
export function imageOf(azure: Azure, template: Template): Json {
  const { source } = template.body.properties;
  const generation = hyperVGeneration(azure, source);
  const osDisk = {
    osType: isWindowsBuild(azure, source) ? "Windows" : "Linux",
    osState: "Generalized",
    diskSizeGB: diskSize(template),
    caching: "ReadWrite",
    storageAccountType: "Standard_LRS",
  };
  return {
    ...(generation ? { hyperVGeneration: generation } : {}),
    storageProfile: { osDisk, dataDisks: [], zoneResilient: false },
  };
}

/** What versions in galleries are made of: in the staging group until the run ends. @returns its id. */
function captureImage({ azure, template, run }: Build): string {
  const id = `${template.hidden.staging?.groupId ?? ""}/providers/${images.type}/${run.logFolder}`;
  if (findResource(azure, id)) return id;
  const { location, properties } = template.body;
  const tags = properties.managedResourceTags ?? {};
  put(azure, images, id, { location, tags, properties: imageOf(azure, template) });
  run.machines.push(id);
  return id;
}

/** The number of the version that a run makes: fixed in the target's id, or by its scheme. */
export function versionNumber(azure: Azure, target: SharedImage, sourceVersion: string): string {
  const [definition = "", fixed] = target.galleryImageId.split(/\/versions\//i);
  if (fixed) return fixed;
  const { versioning } = target;
  if (!versioning) return byTime(azure.now);
  if (versioning.scheme === "Source") return sourceVersion.split(".").map(Number).join(".");
  return nextVersion(azure, definition, versioning.major ?? -1);
}

/** `0.24105.52755`: year and day of the year, second of the day. */
function byTime(now: number): string {
  const time = new Date(now);
  const newYear = Date.UTC(time.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((now - newYear) / 86_400_000) + 1;
  const secondOfDay = Math.floor((now % 86_400_000) / 1000);
  return `0.${time.getUTCFullYear() % 100}${String(dayOfYear).padStart(3, "0")}.${secondOfDay}`;
}

/** The highest version's patch and one, among those of `major` unless it is -1. */
function nextVersion(azure: Azure, definition: string, major: number): string {
  const highest = versionsOf(azure, definition)
    .map(({ name }) => name)
    .filter((name) => major < 0 || name.startsWith(`${major}.`))
    .sort((a, b) => compareVersions(b, a))[0];
  if (!highest) return major > 0 ? `${major}.0.0` : "0.0.1";
  const [first, second, patch] = highest.split(".");
  return `${first}.${second}.${Number(patch) + 1}`;
}
