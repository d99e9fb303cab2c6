/** Blobs as the builder reads them: who may, and what lets it. */
import { sameId, subscriptionOf } from "../resourceId.ts";
import { allowsData, type StandingAssignment } from "./access.ts";
import type { Ground } from "./ground.ts";
import { az, bicepCall, BicepExpression, bicepResource, nameOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import type { Ready } from "./roleMends.ts";
import { subscriptionIdOf } from "./subscription.ts";

const BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
/** Storage Blob Data Reader, Contributor and Owner. */
const READING_ROLES = [BLOB_READER, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4736-9d0d-8ff5d53a3d5c"];

const TO_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

/** A blob without a folder before it is in the account's root container. */
export function containerOf({ pathname }: URL): string {
  const [container = "", blob] = pathname.slice(1).split("/");
  return blob === undefined ? "$root" : container;
}

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
  const account = nameOf(accountId);
  const name = `${account}/default/${container}`;
  const subscription = nameOf(subscriptionOf(accountId));
  const scope = `${accountId}/blobServices/default/containers/${container}`;
  const properties = {
    roleDefinitionId: bicepCall("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", BLOB_READER),
    principalId: builder,
    principalType: "ServicePrincipal",
  };
  return {
    command: az`role assignment create ${{
      subscription,
      role: "Storage Blob Data Reader",
      "assignee-object-id": builder,
      "assignee-principal-type": "ServicePrincipal",
      scope,
    }}`,
    bicep: [
      `// deploy to the resource group of the storage account ${account}`,
      `resource target 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {\n  name: '${name}'\n}`,
      bicepResource("assignment", "Microsoft.Authorization/roleAssignments@2022-04-01", {
        name: bicepCall("guid", name, builder, BLOB_READER),
        scope: new BicepExpression("target"),
        properties,
      }),
    ].join("\n"),
  };
}
