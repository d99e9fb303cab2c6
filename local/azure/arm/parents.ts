import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import { groupNotFound, parentNotFound } from "./errors.ts";
import { groupIdOf, isWithin, parentId, type Target } from "./resourceId.ts";

/** @throws AzureError 404 where the group or the parent resource of a target does not exist. */
export function requireParent(azure: Azure, target: Target): void {
  if (target.resourceGroup) requireScope(azure, groupIdOf(target.id));
  requireScope(azure, parentId(target), target.namespace);
}

/** @throws AzureError 404 where a scope is a group or a resource that does not exist. */
export function requireScope(azure: Azure, scope: string, namespace = ""): void {
  if (scope === "" || scope.split("/").length < 4) return;
  const group = groupIdOf(scope);
  if (!findResource(azure, group)) throw groupNotFound(group.slice(group.lastIndexOf("/") + 1));
  if (!isWithin(scope, group) && !findResource(azure, scope)) {
    throw parentNotFound(scope.slice(scope.lastIndexOf(namespace)));
  }
}
