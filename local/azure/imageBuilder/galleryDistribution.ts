import { AzureError, conflict, resourceNotFound } from "../arm/errors.ts";
import { parseId } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { imageDefinitions } from "../compute/galleries.ts";
import { imageVersions } from "../compute/imageVersions.ts";
import { replicate } from "../compute/replication.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { announcement, calling, put, requireBuilderRight } from "./builderCalls.ts";
import { captureImage } from "./capturedImage.ts";
import { architecture, definitionOf, diskSize, exactVersion, hyperVGeneration, isWindowsBuild } from "./sourceImage.ts";
import type { Distributor, Source } from "./templateSchema.ts";
import type { Run, Template } from "./templateState.ts";
import { versionNumber } from "./versionNumber.ts";

type SharedImage = Distributor & { type: "SharedImage" };

/**
 * Writes an image version, in the region of its definition.
 *
 * @param milliseconds until it is replicated to the first region.
 * @returns how long it takes to all.
 * @throws CallFailed
 */
export function distributeToGallery(
  azure: Azure,
  template: Template,
  run: Run,
  target: SharedImage,
  milliseconds: number,
): number {
  const { source } = template.body.properties;
  const exact = exactVersion(azure, source, template.body.location) ?? "";
  const definitionId = definitionOf(target.galleryImageId);
  const id = `${definitionId}/versions/${versionNumber(azure, target, exact.split("/").at(-1) ?? "")}`;
  const definition = calling("GalleryImagesClient#Get", () => existingDefinition(azure, definitionId));
  const version = calling("GalleryImageVersionsClient#CreateOrUpdate", () => {
    requireBuilderRight(azure, template, `${imageVersions.type}/write`, id);
    requireSameKind(azure, source, definition);
    if (findResource(azure, id)) throw conflict(`The image version ${id} already exists.`);
    const captured = captureImage(azure, template, run);
    return put(azure, imageVersions, id, versionOf(template, captured, target, definition.body.location));
  });
  run.outputs.push({ name: target.runOutputName, artifact: { artifactId: id } });
  version.hidden = { announcement: announcement(azure, template, run, imageVersions.type, id) };
  return replicate(azure, version, milliseconds);
}

function existingDefinition(azure: Azure, id: string): StoredResource {
  const definition = findResource(azure, id);
  if (definition) return definition;
  throw resourceNotFound(imageDefinitions.type, id, parseId(id).names);
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

const invalid = (message: string) => new AzureError(400, "InvalidParameter", message);

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
