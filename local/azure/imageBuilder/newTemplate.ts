import { lastName } from "../arm/resourceId.ts";
import type { ArmRequest } from "../arm/resourceType.ts";
import { systemDataAfter } from "../arm/systemData.ts";
import type { Azure } from "../azure.ts";
import type { Distributor, TemplateBody } from "./templateSchema.ts";
import { type Template, TEMPLATE_TYPE } from "./templateState.ts";

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
      ...(body.tags ? { tags: body.tags } : {}),
      identity: { type: body.identity.type, userAssignedIdentities: withoutPrincipals(body.identity) },
      properties: {
        ...properties,
        source: exactAsSent(source),
        distribute: distribute.map(withVersioning),
        ...(vmProfile
          ? { vmProfile: { ...vmProfile, vmSize: vmProfile.vmSize ?? "", osDiskSizeGB: vmProfile.osDiskSizeGB ?? 0 } }
          : {}),
        buildTimeoutInMinutes: properties.buildTimeoutInMinutes ?? 0,
        stagingResourceGroup: properties.stagingResourceGroup ?? "",
        exactStagingResourceGroup: "",
        provisioningState: "Creating",
      },
      systemData: systemDataAfter(azure, principal, undefined),
    },
  };
}

/** What is not set shows as null. */
export function withVersioning(target: Distributor): Distributor {
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
