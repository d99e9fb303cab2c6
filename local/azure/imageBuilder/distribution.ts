import { store } from "../arm/genericResources.ts";
import { regionName } from "../arm/regions.ts";
import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { scheduleReplication, VERSION_TYPE } from "../compute/imageVersions.ts";
import { blobEndpoint } from "../storage/storageAccounts.ts";
import { findResource } from "../store/resources.ts";
import { exactVersion } from "./creationChecks.ts";
import type { Distributor } from "./templateSchema.ts";
import { type Run, type Template, templatePrincipal } from "./templateState.ts";
import { versionNumber } from "./versionNumber.ts";

/**
 * Hands the image out, as the template's identity: here, at the end of half an hour, is where a missing right to write
 * shows.
 *
 * @param milliseconds until the image is replicated.
 * @returns what to say of the targets that failed; "" if none did.
 */
export function distributeAll(
  azure: Azure,
  template: Template,
  run: Run,
  milliseconds: number,
): { failed: number; message: string } {
  const targets = template.body.properties.distribute;
  const problems = targets.map((target) => distribute(azure, template, run, target, milliseconds));
  const failed = problems.filter(Boolean).length;
  const errors = problems.flatMap((problem, at) => (problem ? [`[Distribute ${at}] ${problem}`] : []));
  const list = errors.map((error, at) => `[Error ${at}] ${error}`).join(" ");
  const message = failed > 0 ? `Failed in distributing ${failed} images out of total ${targets.length}: {${list}}` : "";
  return { failed, message };
}

/** @returns why it failed. */
function distribute(
  azure: Azure,
  template: Template,
  run: Run,
  target: Distributor,
  milliseconds: number,
): string | undefined {
  switch (target.type) {
    case "SharedImage":
      return toGallery(azure, template, run, target, milliseconds);
    case "ManagedImage": {
      const refused = refusal(
        azure,
        template,
        "Microsoft.Compute/images/write",
        target.imageId,
        "compute.ImagesClient#CreateOrUpdate",
      );
      if (refused) return refused;
      const type = azure.resourceTypes.find("Microsoft.Compute/images");
      const body = { location: regionName(target.location), tags: target.artifactTags ?? {}, properties: {} };
      if (type) store(azure, type, target.imageId, body);
      run.outputs[target.runOutputName] = { artifactId: target.imageId };
      return undefined;
    }
    default: {
      const own = `${blobEndpoint(azure, template.hidden.staging?.account ?? "")}vhds/${run.logFolder}.vhd`;
      run.outputs[target.runOutputName] = { artifactUri: target.uri || own };
      return undefined;
    }
  }
}

function toGallery(
  azure: Azure,
  template: Template,
  run: Run,
  target: Distributor & { type: "SharedImage" },
  milliseconds: number,
): string | undefined {
  const { source, vmProfile } = template.body.properties;
  const exact = exactVersion(azure, source, template.body.location) ?? "";
  const [definition = ""] = target.galleryImageId.split(/\/versions\//i);
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
        osDiskImage: { sizeInGB: vmProfile?.osDiskSizeGB || 30, hostCaching: "ReadWrite", source: {} },
      },
    },
  };
  const type = azure.resourceTypes.find(VERSION_TYPE);
  if (type) scheduleReplication(azure, store(azure, type, id, body), milliseconds);
  run.outputs[target.runOutputName] = { artifactId: id };
  return undefined;
}

/** What Azure says to image builder, inside of what image builder says. */
function refusal(azure: Azure, template: Template, action: string, scope: string, call: string): string | undefined {
  const principal = templatePrincipal(azure, template) ?? "";
  if (mayDo(azure, principal, action, scope)) return undefined;
  const message =
    `The client '${principal}' with object id '${principal}' does not have authorization to perform action '${action}' ` +
    `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return `${call}: Failure sending request: StatusCode=403 -- Original Error: Code="AuthorizationFailed" Message="${message}"`;
}
