import type { ArmRequest } from "../arm/resourceType.ts";
import { AzureError } from "../arm/errors.ts";
import type { Azure } from "../azure.ts";
import { STRICT_SINCE } from "./apiVersions.ts";
import { showIdentity } from "./templateIdentity.ts";
import { checkDistribute, checkIdentity, checkNetwork } from "./templateRules.ts";
import type { TemplateBody } from "./templateSchema.ts";
import type { Template } from "./templateState.ts";
import { parseUpdate } from "./templateValidation.ts";

/** Changes what can be changed: tags and identity, and since 2024-02-01 the targets and the machine. */
export function patchTemplate(azure: Azure, template: Template, request: ArmRequest): void {
  const { tags, identity, properties } = parseUpdate(request.body(), request.apiVersion);
  const { body } = template;
  if (tags) body.tags = tags;
  if (identity) patchIdentity(azure, template, identity);
  if (!properties) return;
  if (request.apiVersion < STRICT_SINCE) {
    throw new AzureError(409, "Conflict", "Update/Upgrade of image templates is currently not supported");
  }
  const { distribute, vmProfile } = properties;
  if (distribute) {
    checkDistribute(distribute);
    requireEveryOutput(template, distribute);
    body.properties.distribute = distribute;
  }
  if (vmProfile) {
    checkNetwork(vmProfile);
    body.properties.vmProfile = {
      ...vmProfile,
      vmSize: vmProfile.vmSize ?? "",
      osDiskSizeGB: vmProfile.osDiskSizeGB ?? 0,
    };
  }
}

/** An id with null takes an identity away, one with an object adds it: so one is swapped for another. */
function patchIdentity(
  azure: Azure,
  template: Template,
  { type, userAssignedIdentities }: TemplateBody["identity"],
): void {
  const kept = { ...template.body.identity.userAssignedIdentities };
  for (const [id, value] of Object.entries(userAssignedIdentities ?? {})) {
    for (const old of Object.keys(kept)) if (old.toLowerCase() === id.toLowerCase()) delete kept[old];
    if (value !== null) kept[id] = {};
  }
  checkIdentity({ type, userAssignedIdentities: kept });
  template.body.identity = { type, userAssignedIdentities: kept };
  showIdentity(azure, template);
}

function requireEveryOutput({ body }: Template, distribute: TemplateBody["properties"]["distribute"]): void {
  const named = new Set(distribute.map(({ runOutputName }) => runOutputName));
  const dropped = body.properties.distribute.find(({ runOutputName }) => !named.has(runOutputName));
  if (!dropped) return;
  throw new AzureError(
    400,
    "ValidationFailed",
    `Distribute target with Runoutput name ${dropped.runOutputName} not found in the update request. ` +
      "Deleting a distribute target is not allowed.",
  );
}
