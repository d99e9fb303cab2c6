import { armErrors, badRequest } from "../arm/errors.ts";
import { lastName } from "../arm/resourceId.ts";
import type { ArmRequest } from "../arm/resourceType.ts";
import { systemDataAfter } from "../arm/present.ts";
import { keptTags } from "../arm/tags.ts";
import type { Azure } from "../azure.ts";
import { STRICT_SINCE } from "./apiVersions.ts";
import { isActive } from "./run.ts";
import { operationNotAllowed } from "./templateErrors.ts";
import { checkDistribute, checkIdentity, checkProfile } from "./templateRules.ts";
import type { Distributor, TemplateBody, TemplateProperties } from "./templateSchema.ts";
import { type Template, TEMPLATE_TYPE } from "./templateState.ts";
import { parseUpdate } from "./templateValidation.ts";

/** As image builder keeps it: with what it adds, and in the ids it likes a small `resourcegroups`. */
export function newTemplate(
  azure: Azure,
  { apiVersion, principal }: ArmRequest,
  id: string,
  body: TemplateBody,
  location: string,
): Template {
  const { source, distribute, vmProfile, provisioningError: _, lastRunStatus: __, ...properties } = body.properties;
  return {
    id: id.replace(/\/resourceGroups\//i, "/resourcegroups/"),
    name: lastName(id),
    type: TEMPLATE_TYPE,
    hidden: { apiVersion, creation: "" },
    body: {
      location,
      ...(body.tags ? { tags: keptTags(body.tags) } : {}),
      identity: { type: body.identity.type, userAssignedIdentities: withoutPrincipals(body.identity) },
      properties: {
        ...properties,
        source: exactAsSent(source),
        distribute: distribute.map(withVersioning),
        ...(vmProfile ? { vmProfile: wholeProfile(vmProfile) } : {}),
        buildTimeoutInMinutes: properties.buildTimeoutInMinutes ?? 0,
        stagingResourceGroup: properties.stagingResourceGroup ?? "",
        exactStagingResourceGroup: "",
        provisioningState: "Creating",
      },
      systemData: systemDataAfter(azure, principal, undefined),
    },
  };
}

const wholeProfile = (profile: NonNullable<TemplateProperties["vmProfile"]>) => ({
  ...profile,
  vmSize: profile.vmSize ?? "",
  osDiskSizeGB: profile.osDiskSizeGB ?? 0,
});

/** What is not set shows as null. */
function withVersioning(target: Distributor): Distributor {
  return target.type === "SharedImage" ? { ...target, versioning: target.versioning ?? null } : target;
}

function exactAsSent(source: TemplateBody["properties"]["source"]): TemplateBody["properties"]["source"] {
  if (source.type === "ManagedImage") return source;
  return { ...source, exactVersion: source.type === "PlatformImage" ? source.version : source.imageVersionId };
}

/** The keys exactly as they were sent. */
function withoutPrincipals({ userAssignedIdentities }: TemplateBody["identity"]): Record<string, object> {
  return Object.fromEntries(Object.keys(userAssignedIdentities ?? {}).map((id) => [id, {}]));
}

/**
 * Changes what can be changed: tags and identity, and since 2024-02-01 the targets and the machine.
 *
 * @returns whether image builder has to look into it; tags do not concern it.
 */
export function patchTemplate(azure: Azure, template: Template, request: ArmRequest): boolean {
  const { tags, identity, properties } = parseUpdate(azure, request.body(), request.apiVersion);
  const kept = tags && keptTags(tags);
  const { body } = template;
  if ((identity || properties) && isBusy(template)) throw operationNotAllowed(azure.settings, template, "write");
  if (properties && request.apiVersion < STRICT_SINCE) {
    throw armErrors.Conflict("Update/Upgrade of image templates is currently not supported");
  }
  const { distribute, vmProfile } = properties ?? {};
  if (distribute) {
    checkDistribute(distribute);
    requireEveryOutput(template, distribute);
  }
  if (vmProfile) checkProfile(vmProfile);
  if (identity) patchIdentity(template, identity);
  if (kept) body.tags = kept;
  if (distribute) body.properties.distribute = distribute.map(withVersioning);
  if (vmProfile) body.properties.vmProfile = wholeProfile(vmProfile);
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
  throw badRequest(
    "ValidationFailed",
    `Distribute target with Runoutput name ${dropped.runOutputName} not found in the update request. ` +
      "Deleting a distribute target is not allowed.",
  );
}
