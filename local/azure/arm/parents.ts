import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { armErrors } from "./errors.ts";
import { groupIdOf, parentId, parseId, sameId, type Target } from "./resourceId.ts";
import type { ResourceType } from "./resourceType.ts";

/** @throws AzureError 404 where the group or the parent resource of a target does not exist. */
export function requireParent(azure: Azure, target: Target): void {
  requireGroup(azure, target);
  const parent = parentId(target);
  if (!isResource(parent) || findResource(azure, parent)) return;
  throw armErrors.ParentResourceNotFound(
    parent.slice(parent.toLowerCase().lastIndexOf("/providers/") + "/providers/".length),
  );
}

/** @throws AzureError 404 where a scope is a group or a resource that does not exist. */
export function requireScope(azure: Azure, scope: string): void {
  const target = parseId(scope);
  requireGroup(azure, target);
  if (!isResource(scope) || findResource(azure, scope)) return;
  throw armErrors.ResourceNotFound([target.namespace, ...target.types].join("/"), scope, target.names);
}

function requireGroup(azure: Azure, { id, resourceGroup }: Target): void {
  if (resourceGroup && !findResource(azure, groupIdOf(id))) throw armErrors.ResourceGroupNotFound(resourceGroup);
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

/** The id of a resource that is about to be made: in Azure's spelling, whatever that of the request. */
export function canonicalId(azure: Azure, type: ResourceType, target: Target): string {
  const name = target.names.at(-1) ?? "";
  if (target.names.length > 1) {
    const parent = findResource(azure, parentId(target))?.id ?? parentId(target);
    return `${parent}/${type.type.slice(type.type.lastIndexOf("/") + 1)}/${name}`;
  }
  const group = findResource(azure, groupIdOf(target.id))?.id ?? target.scope;
  return `${group}/providers/${type.type}/${name}`;
}
