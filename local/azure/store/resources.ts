import type { Azure } from "../azure.ts";
import { isWithin } from "../arm/resourceId.ts";
import { lookUp } from "./lookUp.ts";
import type { StoredResource } from "./state.ts";

export function findResource(azure: Azure, id: string): StoredResource | undefined {
  return lookUp(azure.state.resources, id.toLowerCase());
}

export function storeResource(azure: Azure, resource: StoredResource): StoredResource {
  const createdAt = findResource(azure, resource.id)?.createdAt ?? azure.now;
  Object.assign(resource, { createdAt, changedAt: azure.now });
  return (azure.state.resources[resource.id.toLowerCase()] = resource);
}

/** Everything at and below an id. */
export function resourcesWithin(azure: Azure, id: string): StoredResource[] {
  return Object.values(azure.state.resources).filter((resource) => isWithin(id, resource.id));
}

/** All of one type at and below an id; of a nested type, those of every parent. */
export function resourcesOfType(azure: Azure, type: string, within: string): StoredResource[] {
  return Object.values(azure.state.resources).filter((one) => one.type === type && isWithin(within, one.id));
}

/** Removes a resource with all below it, and the role assignments that were made there. */
export function removeResource(azure: Azure, id: string): void {
  for (const resource of resourcesWithin(azure, id)) delete azure.state.resources[resource.id.toLowerCase()];
  for (const assignment of Object.values(azure.state.roleAssignments)) {
    if (isWithin(id, assignment.scope)) delete azure.state.roleAssignments[assignment.id.toLowerCase()];
  }
}
