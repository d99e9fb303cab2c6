import type { Azure } from "../azure.ts";
import { isWithin } from "../arm/resourceId.ts";
import { lookUp } from "./lookUp.ts";
import type { State, StoredResource } from "./state.ts";

type Resources = State["resources"];

/**
 * The resources of each type, by lower-case id: kept beside every table of them, since who looks through all of
 * thousands for each of thousands never ends.
 */
const indexes = new WeakMap<Resources, Map<string, Map<string, StoredResource>>>();

function indexOf({ state: { resources } }: Azure): Map<string, Map<string, StoredResource>> {
  let index = indexes.get(resources);
  if (!index) {
    index = new Map();
    for (const resource of Object.values(resources)) enter(index, resource);
    indexes.set(resources, index);
  }
  return index;
}

function enter(index: Map<string, Map<string, StoredResource>>, resource: StoredResource): void {
  const ofType = index.get(resource.type) ?? new Map<string, StoredResource>();
  index.set(resource.type, ofType.set(resource.id.toLowerCase(), resource));
}

export function findResource(azure: Azure, id: string): StoredResource | undefined {
  return lookUp(azure.state.resources, id.toLowerCase());
}

export function storeResource(azure: Azure, resource: StoredResource): StoredResource {
  const createdAt = findResource(azure, resource.id)?.createdAt ?? azure.now;
  Object.assign(resource, { createdAt, changedAt: azure.now });
  enter(indexOf(azure), resource);
  return (azure.state.resources[resource.id.toLowerCase()] = resource);
}

/** Everything at and below an id. */
export function resourcesWithin(azure: Azure, id: string): StoredResource[] {
  return Object.values(azure.state.resources).filter((resource) => isWithin(id, resource.id));
}

/** All of one type at and below an id; of a nested type, those of every parent. */
export function resourcesOfType(azure: Azure, type: string, within: string): StoredResource[] {
  return [...(indexOf(azure).get(type)?.values() ?? [])].filter(({ id }) => isWithin(within, id));
}

/** Removes resources with all below them, and the role assignments that were made there. */
export function removeResource(azure: Azure, ...ids: string[]): void {
  const removed = new Set(ids.map((id) => id.toLowerCase()));
  /** Itself, or whatever its id begins with. */
  const isGone = (id: string) => {
    for (let end = id.length; end > 0; end = id.lastIndexOf("/", end - 1))
      if (removed.has(id.slice(0, end))) return true;
    return false;
  };
  const { resources, roleAssignments } = azure.state;
  for (const [id, { type }] of Object.entries(resources)) {
    if (!isGone(id)) continue;
    indexOf(azure).get(type)?.delete(id);
    delete resources[id];
  }
  for (const [id, { scope }] of Object.entries(roleAssignments))
    if (isGone(scope.toLowerCase())) delete roleAssignments[id];
}
