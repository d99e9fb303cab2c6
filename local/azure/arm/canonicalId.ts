import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import { groupIdOf, parentId, type Target } from "./resourceId.ts";
import type { ResourceType } from "./resourceType.ts";

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
