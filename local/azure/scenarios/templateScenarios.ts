import type { Scenario, ScenarioTable } from "./scenario.ts";

const creation = (source: string, does: string, code: string, message: string): Scenario => ({
  does,
  source,
  takes: ["template", "count"],
  effects: [{ on: "creation", code, message }],
});
const deletion = (source: string, does: string, code: string, message: string): Scenario => ({
  does,
  source,
  takes: ["template", "count"],
  effects: [{ on: "deletion", code, message }],
});

/** What image builder finds once it looks into a new template, or cannot clear when one is deleted. */
export const templateScenarios: ScenarioTable = {
  "creation-generic-failure": creation(
    "errors #9",
    "creation fails without a reason",
    "Other",
    "ResourceDeploymentFailure: InternalOperationError: Internal error occurred. This is a generic error.",
  ),
  "staging-group-shared": creation(
    "errors #10",
    "the staging group has the marks of another template",
    "BadStagingResourceGroup",
    "Provided staging resource group may be used by another image template. Resource group: {staging}",
  ),
  "staging-group-not-empty": creation(
    "errors #11",
    "the staging group is not empty",
    "BadStagingResourceGroup",
    "The staging resource group {staging} must be empty.",
  ),
  "staging-group-elsewhere": creation(
    "errors #11, 1.5",
    "the staging group is in another region",
    "BadStagingResourceGroup",
    "The staging resource group {staging} must be in the same region as the image template.",
  ),
  "staging-storage-denied": creation(
    "errors #12",
    "a policy refuses the staging storage account, so that scripts cannot be copied",
    "NoCustomizerScript",
    "Failed to stage the customizer scripts: RequestDisallowedByPolicy: Resource '{staging}' was disallowed by policy.",
  ),
  "script-unavailable": creation(
    "errors #15, 1.5",
    "a script's URI cannot be read",
    "NoCustomizerScript",
    "Resource {script} is unavailable. Please check the file exists and is accessible.",
  ),
  "script-not-public": creation(
    "errors #16",
    "a script lies in a storage account without public access",
    "NoCustomizerScript",
    "Failed to download {script}: StatusCode=409 Code=PublicAccessNotPermitted Message=Public access is not permitted on this storage account.",
  ),
  "script-download-fails": creation(
    "errors #17",
    "a file cannot be downloaded",
    "Other",
    "Error downloading '{script}' to the staging storage account.",
  ),
  "script-checksum-mismatch": creation(
    "1.5",
    "a script is not the one that its checksum is of",
    "Other",
    "The SHA256 checksum of {script} does not match the sha256Checksum of the customizer.",
  ),
  "source-missing": creation(
    "errors #19, 1.5",
    "the source image is not there, or not in the template's region",
    "BadSharedImageVersionSource",
    "compute.GalleryImageVersionsClient#Get: Failure responding to request: StatusCode=404 -- Original Error: " +
      'autorest/azure: Service returned an error. Status=404 Code="ResourceNotFound"',
  ),
  "interface-not-found": creation(
    "errors #8",
    "a network right is missing, and shows as a 404",
    "Other",
    "network.InterfacesClient#UpdateTags: Failure responding to request: StatusCode=404 -- Original Error: " +
      'autorest/azure: Service returned an error. Status=404 Code="ResourceNotFound"',
  ),

  "identity-unusable": deletion(
    "errors #3, 1.6",
    "the identity cannot be used any more, so the template cannot be deleted",
    "InternalOperationError",
    "The assigned managed identity cannot be used. Please remove the existing one and re-assign a new identity.",
  ),
  "deletion-stuck": deletion(
    "errors #38, 1.6",
    "a private endpoint is left over, and stands in the way of deleting the template",
    "NicInUseWithPrivateEndpoint",
    "NicInUseWithPrivateEndpoint: Network interface {staging}/providers/Microsoft.Network/networkInterfaces/pls.nic " +
      "is currently in use with a private endpoint and cannot be deleted.",
  ),
  "cancel-hangs": {
    does: "runs that are cancelled from now on stay Canceling, for `seconds` where told",
    source: "1.6",
    takes: ["template", "seconds"],
    effects: [{ on: "cancel" }],
  },
  "staging-group-lingers": {
    does: "a template's staging group goes `seconds` after it, or not where none are told",
    source: "1.8",
    takes: ["template", "seconds"],
    effects: [{ on: "staging" }],
  },
};
