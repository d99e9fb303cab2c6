import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { groupNotFound, parentNotFound, resourceNotFound } from "./errors.ts";
import { groupIdOf, parentId, parseId, sameId, type Target } from "./resourceId.ts";

/** @throws AzureError 404 where the group or the parent resource of a target does not exist. */
export function requireParent(azure: Azure, target: Target): void {
  requireGroup(azure, target);
  const parent = parentId(target);
  if (!isResource(parent) || findResource(azure, parent)) return;
  throw parentNotFound(parent.slice(parent.toLowerCase().lastIndexOf("/providers/") + "/providers/".length));
}

/** @throws AzureError 404 where a scope is a group or a resource that does not exist. */
export function requireScope(azure: Azure, scope: string): void {
  const target = parseId(scope);
  requireGroup(azure, target);
  if (!isResource(scope) || findResource(azure, scope)) return;
  throw resourceNotFound([target.namespace, ...target.types].join("/"), scope, target.names);
}

function requireGroup(azure: Azure, { id, resourceGroup }: Target): void {
  if (resourceGroup && !findResource(azure, groupIdOf(id))) throw groupNotFound(resourceGroup);
}

/** Whether an id is of something in a group, not of the group, or of a subscription. */
function isResource(id: string): boolean {
  return parseId(id).resourceGroup !== undefined && !sameId(id, groupIdOf(id));
}

/** The resource that is no other's child: the virtual network of a subnet. */
export function outermost(azure: Azure, resource: StoredResource): StoredResource {
  const nested = resource.type.split("/").length - 2;
  return (
    findResource(
      azure,
      resource.id
        .split("/")
        .slice(0, -2 * nested || undefined)
        .join("/"),
    ) ?? resource
  );
}
