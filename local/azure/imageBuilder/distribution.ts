import { store } from "../arm/genericResources.ts";
import { regionName } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { VERSION_TYPE } from "../compute/imageVersions.ts";
import { replicate } from "../compute/replication.ts";
import { blobEndpoint } from "../storage/storageAccounts.ts";
import { type Announcement, armEvent } from "../events/armEvent.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { builderMayDo, runScenario } from "./goesWrong.ts";
import { definitionOf, exactVersion, hyperVGeneration, isWindowsBuild } from "./sourceImage.ts";
import type { Distributor, Source } from "./templateSchema.ts";
import { type Run, type Template, templatePrincipal } from "./templateState.ts";
import { versionNumber } from "./versionNumber.ts";

const IMAGE_TYPE = "Microsoft.Compute/images";
/** Of an image whose template does not say how large. */
const DISK_GB = 30;

/**
 * Hands the image out, as the template's identity: here, at the end of half an hour, is where a missing right to write
 * shows.
 *
 * @param milliseconds until the image is replicated to the first region.
 * @returns what to say of the targets that failed, "" if none did; and how long the others take.
 */
export function distributeAll(
  azure: Azure,
  template: Template,
  run: Run,
  milliseconds: number,
): { failed: number; message: string; milliseconds: number } {
  const targets = template.body.properties.distribute;
  const struck = runScenario(azure, template, "Distributing");
  const outcomes = targets.map((target) => struck ?? distribute(azure, template, run, target, milliseconds));
  const problems = outcomes.map((outcome) => (typeof outcome === "string" ? outcome : undefined));
  const longest = Math.max(milliseconds, ...outcomes.map((outcome) => (typeof outcome === "number" ? outcome : 0)));
  const failed = problems.filter(Boolean).length;
  const errors = problems.flatMap((problem, at) => (problem ? [`[Distribute ${at}] ${problem}`] : []));
  const list = errors.map((error, at) => `[Error ${at}] ${error}`).join(" ");
  const message = failed > 0 ? `Failed in distributing ${failed} images out of total ${targets.length}: {${list}}` : "";
  return { failed, message, milliseconds: longest };
}

/** @returns how long it takes, or why it failed. */
function distribute(
  azure: Azure,
  template: Template,
  run: Run,
  target: Distributor,
  milliseconds: number,
): string | number {
  switch (target.type) {
    case "SharedImage":
      return toGallery(azure, template, run, target, milliseconds);
    case "ManagedImage": {
      // What the run before left under that id has to go first.
      const actions = findResource(azure, target.imageId) ? ["delete", "write"] : ["write"];
      for (const action of actions) {
        const call = `compute.ImagesClient#${action === "delete" ? "Delete" : "CreateOrUpdate"}`;
        const refused = refusal(azure, template, `Microsoft.Compute/images/${action}`, target.imageId, call);
        if (refused) return refused;
      }
      const type = azure.resourceTypes.find(IMAGE_TYPE);
      const body = {
        location: regionName(target.location),
        tags: target.artifactTags ?? {},
        properties: imageOf(azure, template),
      };
      if (type) store(azure, type, target.imageId, body);
      azure.events.publish(
        armEvent(azure, announcement(azure, template, run, IMAGE_TYPE, target.imageId), "Succeeded"),
      );
      run.outputs[target.runOutputName] = { artifactId: target.imageId };
      return milliseconds;
    }
    default: {
      const own = `${blobEndpoint(azure, template.hidden.staging?.account ?? "")}vhds/${run.logFolder}.vhd`;
      run.outputs[target.runOutputName] = { artifactUri: target.uri || own };
      return milliseconds;
    }
  }
}

/** A managed image of what was built: of its generation and system, and as large as the disk. */
function imageOf(azure: Azure, { body }: Template): Json {
  const { source, vmProfile } = body.properties;
  const generation = hyperVGeneration(azure, source);
  const osDisk = {
    osType: isWindowsBuild(azure, source) ? "Windows" : "Linux",
    osState: "Generalized",
    diskSizeGB: vmProfile?.osDiskSizeGB || DISK_GB,
    caching: "ReadWrite",
    storageAccountType: "Standard_LRS",
  };
  return {
    ...(generation ? { hyperVGeneration: generation } : {}),
    storageProfile: { osDisk, dataDisks: [], zoneResilient: false },
  };
}

function toGallery(
  azure: Azure,
  template: Template,
  run: Run,
  target: Distributor & { type: "SharedImage" },
  milliseconds: number,
): string | number {
  const { source, vmProfile } = template.body.properties;
  const exact = exactVersion(azure, source, template.body.location) ?? "";
  const definition = definitionOf(target.galleryImageId);
  const id = `${definition}/versions/${versionNumber(azure, target, exact.split("/").at(-1) ?? "")}`;
  const refused = refusal(
    azure,
    template,
    "Microsoft.Compute/galleries/images/versions/write",
    id,
    "compute.GalleryImageVersionsClient#CreateOrUpdate",
  );
  if (refused) return refused;
  if (!findResource(azure, definition))
    return `compute.GalleryImagesClient#Get: StatusCode=404 -- Original Error: Code="ResourceNotFound" Message="The gallery image ${definition} was not found."`;
  const mismatch = generationMismatch(azure, source, definition);
  if (mismatch) return mismatch;
  if (findResource(azure, id))
    return `compute.GalleryImageVersionsClient#CreateOrUpdate: StatusCode=409 -- Original Error: Code="Conflict" Message="The image version ${id} already exists."`;

  const regions = target.targetRegions?.length
    ? target.targetRegions
    : (target.replicationRegions ?? [template.body.location]).map((name) => ({
        name,
        replicaCount: 1,
        storageAccountType: target.storageAccountType,
      }));
  const body = {
    location: template.body.location,
    tags: { ...target.artifactTags },
    properties: {
      publishingProfile: {
        targetRegions: regions.map(({ name, replicaCount, storageAccountType }) => ({
          name,
          regionalReplicaCount: replicaCount ?? 1,
          storageAccountType: storageAccountType ?? "Standard_LRS",
        })),
        excludeFromLatest: target.excludeFromLatest ?? false,
        ...(target.replicationMode ? { replicationMode: target.replicationMode } : {}),
      },
      storageProfile: {
        source: { id: `${template.hidden.staging?.groupId ?? ""}/providers/Microsoft.Compute/images/${run.logFolder}` },
        osDiskImage: { sizeInGB: vmProfile?.osDiskSizeGB || DISK_GB, hostCaching: "ReadWrite", source: {} },
      },
    },
  };
  const type = azure.resourceTypes.find(VERSION_TYPE);
  run.outputs[target.runOutputName] = { artifactId: id };
  if (!type) return milliseconds;
  const version = store(azure, type, id, body);
  version.hidden = { announcement: announcement(azure, template, run, VERSION_TYPE, id) };
  return replicate(azure, version, milliseconds);
}

/** Image builder writes as the template's identity. */
function announcement(azure: Azure, template: Template, run: Run, type: string, resourceUri: string): Announcement {
  const principalId = templatePrincipal(azure, template) ?? "";
  const who = { principalId, appId: principalId, correlationId: run.operation };
  return { kind: "Write", operationName: `${type}/write`, resourceUri, ...who };
}

/** An image keeps the generation of its source, which the definition has to be of. */
function generationMismatch(azure: Azure, source: Source, definition: string): string | undefined {
  const built = hyperVGeneration(azure, source);
  const { hyperVGeneration: wanted } = (findResource(azure, definition)?.body.properties ?? {}) as {
    hyperVGeneration?: string;
  };
  if (!built || !wanted || built === wanted) return undefined;
  return (
    `compute.GalleryImageVersionsClient#CreateOrUpdate: StatusCode=400 -- Original Error: Code="InvalidParameter" ` +
    `Message="The image has a different Hyper-V Generation ['${built}'] than the parent gallery image Hyper-V ` +
    `Generation ['${wanted}']."`
  );
}

/** What Azure says to image builder, inside of what image builder says. */
function refusal(azure: Azure, template: Template, action: string, scope: string, call: string): string | undefined {
  const principal = templatePrincipal(azure, template) ?? "";
  if (builderMayDo(azure, template, action, scope)) return undefined;
  const message =
    `The client '${principal}' with object id '${principal}' does not have authorization to perform action '${action}' ` +
    `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return `${call}: Failure sending request: StatusCode=403 -- Original Error: Code="AuthorizationFailed" Message="${message}"`;
}
