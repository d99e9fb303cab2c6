import { store } from "./arm/genericResources.ts";
import { parseTarget } from "./arm/resourceId.ts";
import { storeAssignment } from "./authorization/access.ts";
import { rolesOf } from "./authorization/roles.ts";
import type { Azure } from "./azure.ts";
import { smallVhd } from "./compute/sourceBlobs.ts";
import { createGroup } from "./resources/resourceGroups.ts";
import { containersOf } from "./storage/storageAccounts.ts";
import { findResource } from "./store/resources.ts";
import type { State } from "./store/state.ts";

/** Fills `azure.state` with the landscape: what was deployed before anybody asked for anything. */
export function deployLandscape(azure: Azure): void {
  const { landscape } = azure;
  azure.state = emptyState(azure);
  for (const { name, location, tags } of landscape.resourceGroups) {
    const id = `/subscriptions/${landscape.subscriptionId}/resourceGroups/${name}`;
    createGroup(azure, id, location, tags ? { tags } : {});
  }
  for (const { id, body } of landscape.resources) {
    const { namespace, types } = parseTarget(id);
    const type = azure.resourceTypes.find([namespace, ...types].join("/"));
    if (!type) throw new Error(`The landscape holds ${id}, of a type that the local Azure does not serve.`);
    delete store(azure, type, id, structuredClone(body)).hidden;
  }
  for (const { accountId, container, name } of landscape.disks) {
    const account = findResource(azure, accountId);
    if (!account) throw new Error(`The landscape holds a disk in ${accountId}, and not the account.`);
    (containersOf(account)[container] ??= { createdAt: azure.now, blobs: {} }).blobs[name] = smallVhd(azure);
  }
  for (const { scope, roleDefinition, principalId, condition } of landscape.roleAssignments) {
    const name = azure.random.guid("standing assignment", scope, roleDefinition, principalId);
    storeAssignment(azure, {
      name,
      scope,
      roleDefinition,
      principalId,
      ...(condition ? { condition, conditionVersion: "2.0" } : {}),
      createdBy: landscape.tenantId,
      standing: true,
      effectiveFrom: 0,
    });
  }
}

function emptyState({ landscape }: Azure): State {
  return {
    resources: {},
    roleAssignments: {},
    fadingRoleAssignments: [],
    roleDefinitions: rolesOf(landscape),
    publishedImages: [],
    operations: {},
    transitions: [],
    guids: {},
  };
}
