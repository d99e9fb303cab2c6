/** Blobs as the builder reads them: who may, and what lets it. */
import { accountOfContainer } from "../blobUrl.ts";
import { BLOB_CONTRIBUTOR, BLOB_READER } from "../grant.ts";
import { sameId, subscriptionOf } from "../resourceId.ts";
import { allowsData, type StandingAssignment } from "./access.ts";
import type { Ground } from "./ground.ts";
import { az, bicepCall, BicepExpression, bicepResource, nameOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import type { Ready } from "./roleMends.ts";
import { subscriptionIdOf } from "./subscription.ts";

/** Storage Blob Data Reader, Contributor and Owner. */
const READING_ROLES = [BLOB_READER, BLOB_CONTRIBUTOR, "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"];

const TO_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

/** Whether a role lets blobs be read: of those of Azure's own, three are known to. */
export function readsBlobsBy(role: string, customRoles: Ground["customRoles"]): "yes" | "no" | "unknown" {
  if (READING_ROLES.includes(role.toLowerCase())) return "yes";
  const custom = valueOf(customRoles)?.find(({ id }) => sameId(nameOf(id), role));
  if (custom) return allowsData(custom.permissions, TO_READ) ? "yes" : "no";
  return customRoles.kind === "found" ? "no" : "unknown";
}

/**
 * The id of a storage account, whose names are no two the same in the world, by what somebody holds on it in the
 * template's subscription, of which all role assignments are listed.
 */
export function accountIdOf(
  { plan, builderAssignments, serviceAssignments }: Ground,
  account: string,
): string | undefined {
  const here = new RegExp(
    `^/subscriptions/${subscriptionIdOf(plan)}/resourceGroups/[^/]+/providers/Microsoft\\.Storage/storageAccounts/${account}(?=/|$)`,
    "i",
  );
  return [builderAssignments, serviceAssignments]
    .flatMap((all) => valueOf(all) ?? [])
    .flatMap(({ scope }) => here.exec(scope)?.[0] ?? [])[0];
}

/** The same where nobody holds anything on it; in which resource group it would be, a URI does not say. */
export const supposedIdOf = ({ plan }: Ground, account: string) =>
  `/subscriptions/${subscriptionIdOf(plan)}/resourceGroups/<group of ${account}>/providers/Microsoft.Storage/storageAccounts/${account}`;

/** Whether a role assignment holds for the blobs of a container, as far as its scope tells: of a group it may. */
export function reachesBlobs({ scope }: StandingAssignment, account: string, container: string): boolean {
  const [, namedAccount = account, namedContainer = container] =
    /\/storageAccounts\/([^/]+)(?:\/blobServices\/[^/]+\/containers\/([^/]+))?/i.exec(scope) ?? [];
  return sameId(namedAccount, account) && sameId(namedContainer, container);
}

/** Gives the builder Storage Blob Data Reader on a container; where its account is, a URI does not say. */
export function letReadBlobs(builder: string, accountId: string, container: string): Ready {
  return letUseBlobs(builder, `${accountId}/blobServices/default/containers/${container}`, "Reader");
}

/** Gives an identity one of Azure's own roles on the blobs of a container. @param scope the container's id. */
export function letUseBlobs(principalId: string, scope: string, role: "Reader" | "Contributor"): Ready {
  const guid = role === "Reader" ? BLOB_READER : BLOB_CONTRIBUTOR;
  const account = nameOf(accountOfContainer(scope));
  const name = `${account}/default/${nameOf(scope)}`;
  const properties = {
    roleDefinitionId: bicepCall("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", guid),
    principalId,
    principalType: "ServicePrincipal",
  };
  return {
    command: az`role assignment create ${{
      subscription: nameOf(subscriptionOf(scope)),
      role: `Storage Blob Data ${role}`,
      "assignee-object-id": principalId,
      "assignee-principal-type": "ServicePrincipal",
      scope,
    }}`,
    bicep: [
      `// deploy to the resource group of the storage account ${account}`,
      `resource target 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {\n  name: '${name}'\n}`,
      bicepResource("assignment", "Microsoft.Authorization/roleAssignments@2022-04-01", {
        name: bicepCall("guid", name, principalId, guid),
        scope: new BicepExpression("target"),
        properties,
      }),
    ].join("\n"),
  };
}
