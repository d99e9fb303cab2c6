import { sameId } from "../arm/resourceId.ts";
import { isVersionNumber } from "../compute/imageVersions.ts";
import type { TemplateBody, TemplateProperties } from "./templateSchema.ts";
import { validationFailed } from "./templateErrors.ts";

const idOf = (type: string, child = "") =>
  new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type}/[^/]+${child}$`, "i");
const MANAGED_IMAGE = idOf("Microsoft.Compute/images");
const IMAGE_DEFINITION = idOf("Microsoft.Compute/galleries", "/images/[^/]+(/versions/\\d+\\.\\d+\\.\\d+)?");
const IMAGE_VERSION = idOf("Microsoft.Compute/galleries", "/images/[^/]+/versions/(\\d+\\.\\d+\\.\\d+|latest)");
const IDENTITY = idOf("Microsoft.ManagedIdentity/userAssignedIdentities");
const SUBNET = idOf("Microsoft.Network/virtualNetworks", "/subnets/[^/]+");
const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i;

const bad = (path: string, field: string, why = "") =>
  validationFailed(`ImageTemplate.properties${path}`, `Field '${field}' has a bad value${why && `: ${why}`}`);

/** What the shape of a template alone does not say. @throws AzureError `ValidationFailed`. */
export function checkTemplateRules({ identity, properties }: TemplateBody): void {
  checkIdentity(identity);
  checkSource(properties);
  checkScripts(properties);
  checkDistribute(properties.distribute);
  checkProfile(properties.vmProfile);
  const { stagingResourceGroup } = properties;
  if (stagingResourceGroup && !GROUP.test(stagingResourceGroup)) {
    throw bad("", "stagingResourceGroup", "it is not the id of a resource group");
  }
}

/** A template has one identity, and without it image builder could do nothing. */
export function checkIdentity({ type, userAssignedIdentities }: TemplateBody["identity"]): void {
  const ids = Object.keys(userAssignedIdentities ?? {});
  if (type !== "UserAssigned") throw validationFailed("ImageTemplate.identity", "Field 'type' has a bad value");
  if (ids.length === 0) throw validationFailed("ImageTemplate.identity", "Missing field 'userAssignedIdentities'");
  if (ids.length > 1 || !IDENTITY.test(ids[0] ?? "")) {
    throw validationFailed("ImageTemplate.identity", "Field 'userAssignedIdentities' has a bad value");
  }
}

function checkSource({ source }: TemplateProperties): void {
  if (source.type === "ManagedImage" && !MANAGED_IMAGE.test(source.imageId)) throw bad(".source", "imageId");
  if (source.type === "SharedImageVersion" && !IMAGE_VERSION.test(source.imageVersionId)) {
    throw bad(".source", "imageVersionId");
  }
}

function checkScripts({ customize, validate }: TemplateProperties): void {
  const lists = { ".customize": customize ?? [], ".validate.inVMValidations": validate?.inVMValidations ?? [] };
  for (const [list, steps] of Object.entries(lists)) {
    for (const [at, step] of steps.entries()) {
      const path = `${list}[${at}]`;
      if (step.type === "Shell" || step.type === "PowerShell") {
        if (step.scriptUri && step.inline?.length)
          throw bad(path, "scriptUri", "only one of scriptUri and inline may be set");
        if (!step.scriptUri && !step.inline?.length) {
          throw validationFailed(`ImageTemplate.properties${path}`, "Missing field 'scriptUri' or 'inline'");
        }
        if (step.scriptUri && !URL.canParse(step.scriptUri)) throw bad(path, "scriptUri");
      }
      if (step.type === "PowerShell" && step.runAsSystem && !step.runElevated) {
        throw bad(path, "runAsSystem", "it can only be true when runElevated is");
      }
      if (step.type === "File") {
        for (const field of ["sourceUri", "destination"] as const) {
          if (!step[field]) throw validationFailed(`ImageTemplate.properties${path}`, `Missing field '${field}'`);
        }
      }
    }
  }
}

export function checkDistribute(distribute: TemplateProperties["distribute"]): void {
  const names = new Set<string>();
  for (const [at, target] of distribute.entries()) {
    const path = `.distribute[${at}]`;
    if (names.has(target.runOutputName.toLowerCase())) throw bad(path, "runOutputName", "it is not unique");
    names.add(target.runOutputName.toLowerCase());
    if (target.type === "ManagedImage" && !MANAGED_IMAGE.test(target.imageId)) throw bad(path, "imageId");
    if (target.type !== "SharedImage") continue;
    const [, fixed] = target.galleryImageId.split(/\/versions\//i);
    if (!IMAGE_DEFINITION.test(target.galleryImageId) || (fixed !== undefined && !isVersionNumber(fixed))) {
      throw bad(path, "galleryImageId");
    }
    const old = target.replicationRegions?.length || target.storageAccountType;
    if (target.targetRegions?.length && old) throw bad(path, "targetRegions", "replicationRegions is set as well");
  }
}

const networkOf = (subnetId: string) => subnetId.split("/").slice(0, -2).join("/");

export function checkProfile(profile: TemplateProperties["vmProfile"]): void {
  if (profile?.userAssignedIdentities?.some((id) => !IDENTITY.test(id))) {
    throw bad(".vmProfile", "userAssignedIdentities", "each must be the id of an identity");
  }
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = profile?.vnetConfig ?? {};
  const path = ".vmProfile.vnetConfig";
  if (subnetId && !SUBNET.test(subnetId)) throw bad(path, "subnetId");
  if (!containerInstanceSubnetId) return;
  if (!SUBNET.test(containerInstanceSubnetId)) throw bad(path, "containerInstanceSubnetId");
  if (!subnetId) throw bad(path, "containerInstanceSubnetId", "subnetId must be specified too");
  if (
    !sameId(networkOf(subnetId), networkOf(containerInstanceSubnetId)) ||
    sameId(subnetId, containerInstanceSubnetId)
  ) {
    throw bad(path, "containerInstanceSubnetId", "it must be another subnet of the same virtual network");
  }
  if (proxyVmSize) throw bad(path, "proxyVmSize", "no proxy is deployed where containerInstanceSubnetId is set");
}
