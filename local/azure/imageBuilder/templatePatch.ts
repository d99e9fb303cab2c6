import type { ArmRequest } from "../arm/resourceType.ts";
import { AzureError, conflict } from "../arm/errors.ts";
import type { Azure } from "../azure.ts";
import { STRICT_SINCE } from "./apiVersions.ts";
import { withVersioning } from "./newTemplate.ts";
import { isActive } from "./run.ts";
import { operationNotAllowed } from "./templateErrors.ts";
import { checkDistribute, checkIdentity, checkProfile } from "./templateRules.ts";
import type { TemplateBody } from "./templateSchema.ts";
import type { Template } from "./templateState.ts";
import { parseUpdate } from "./templateValidation.ts";

/**
 * Changes what can be changed: tags and identity, and since 2024-02-01 the targets and the machine.
 *
 * @returns whether image builder has to look into it; tags do not concern it.
 */
export function patchTemplate(azure: Azure, template: Template, request: ArmRequest): boolean {
  const { tags, identity, properties } = parseUpdate(azure, request.body(), request.apiVersion);
  const { body } = template;
  if ((identity || properties) && isBusy(template)) throw operationNotAllowed(azure.settings, template, "write");
  if (properties && request.apiVersion < STRICT_SINCE) {
    throw conflict("Update/Upgrade of image templates is currently not supported");
  }
  const { distribute, vmProfile } = properties ?? {};
  if (distribute) {
    checkDistribute(distribute);
    requireEveryOutput(template, distribute);
  }
  if (vmProfile) checkProfile(vmProfile);
  if (identity) patchIdentity(template, identity);
  if (tags) body.tags = tags;
  if (distribute) body.properties.distribute = distribute.map(withVersioning);
  if (vmProfile) {
    body.properties.vmProfile = {
      ...vmProfile,
      vmSize: vmProfile.vmSize ?? "",
      osDiskSizeGB: vmProfile.osDiskSizeGB ?? 0,
    };
  }
  return Boolean(identity || properties);
}

const isBusy = (template: Template) =>
  isActive(template) || ["Creating", "Updating", "Deleting"].includes(template.body.properties.provisioningState);

/** An id with null takes an identity away, one with an object adds it: so one is swapped for another. */
function patchIdentity(template: Template, { type, userAssignedIdentities }: TemplateBody["identity"]): void {
  const kept = { ...template.body.identity.userAssignedIdentities };
  for (const [id, value] of Object.entries(userAssignedIdentities ?? {})) {
    for (const old of Object.keys(kept)) if (old.toLowerCase() === id.toLowerCase()) delete kept[old];
    if (value !== null) kept[id] = {};
  }
  checkIdentity({ type, userAssignedIdentities: kept });
  template.body.identity = { type, userAssignedIdentities: kept };
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
