import { regions } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { identityIdOf } from "../imageBuilder/templateState.ts";
import { findResource, removeResource, storeResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { ofTemplate, onGround, scenario, type ScenarioTable } from "./scenario.ts";

const creation = (source: string, does: string, code: string, message: string) =>
  ofTemplate(source, does, { on: "creation", code, message });

/** The staging group that a template brings is found so. */
const stagingGroup = (source: string, does: string, change: (azure: Azure, group: StoredResource) => void) =>
  onGround(
    source,
    does,
    "creation",
    (azure, { stagingResourceGroup }) => findResource(azure, stagingResourceGroup),
    change,
  );

/** What image builder finds once it looks into a new template, or cannot clear when one is deleted. */
export const templateScenarios: ScenarioTable = {
  "creation-generic-failure": creation(
    "errors #9",
    "creation fails without a reason",
    "Other",
    "ResourceDeploymentFailure: InternalOperationError: Internal error occurred. This is a generic error.",
  ),
  "staging-group-shared": stagingGroup(
    "errors #10",
    "the first staging group that a template names has the marks of another template",
    (_azure, { body }) => {
      const marks = { imageTemplateName: "another", imageTemplateResourceGroupName: "rg-another" };
      body.tags = { ...(body.tags as object | undefined), ...marks };
    },
  ),
  "staging-group-not-empty": stagingGroup(
    "errors #11",
    "the first staging group that a template names is not empty",
    (azure, { id, body: { location } }) => {
      const type = "Microsoft.Compute/disks";
      const properties = { creationData: { createOption: "Empty" }, diskSizeGB: 4 };
      const body = { location, properties };
      storeResource(azure, { id: `${id}/providers/${type}/left-over`, name: "left-over", type, body });
    },
  ),
  "staging-group-elsewhere": stagingGroup(
    "errors #11, 1.5",
    "the first staging group that a template names is in another region",
    (_azure, { body }) => {
      body.location = regions.find((region) => region !== body.location);
    },
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
  "source-missing": ofTemplate("errors #19, 1.5", "the source image is not there, or not in the template's region", {
    on: "source",
    before: "creation",
  }),
  "interface-not-found": creation(
    "errors #8",
    "a network right is missing, and shows as a 404",
    "Other",
    "network.InterfacesClient#UpdateTags: Failure responding to request: StatusCode=404 -- Original Error: " +
      'autorest/azure: Service returned an error. Status=404 Code="ResourceNotFound"',
  ),

  "identity-unusable": {
    ...ofTemplate(
      "errors #3, 1.6",
      "the identity of the first template that is to be deleted is gone, so that it cannot be",
      {
        on: "ground",
        before: "deletion",
        change(azure, template) {
          removeResource(azure, identityIdOf(template));
          return true;
        },
      },
    ),
    count: 1,
  },
  "deletion-stuck": ofTemplate(
    "errors #38, 1.6",
    "a private endpoint is left over, and stands in the way of deleting the template",
    {
      on: "deletion",
      code: "NicInUseWithPrivateEndpoint",
      message:
        "NicInUseWithPrivateEndpoint: Network interface {staging}/providers/Microsoft.Network/networkInterfaces/pls.nic " +
        "is currently in use with a private endpoint and cannot be deleted.",
    },
  ),
  "cancel-hangs": scenario(
    "1.6",
    "runs that are cancelled from now on stay Canceling, for `seconds` where told",
    { on: "cancel" },
    "template",
    "seconds",
  ),
  "staging-group-lingers": scenario(
    "1.8",
    "a template's staging group goes `seconds` after it, or not where none are told",
    { on: "staging" },
    "template",
    "seconds",
  ),
};
