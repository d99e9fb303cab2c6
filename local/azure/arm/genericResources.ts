import type { Azure } from "../azure.ts";
import { findResource, removeResource, resourcesOfType, storeResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { invalidRequestContent, locationNotAvailable, locationRequired, resourceNotFound } from "./errors.ts";
import { canonicalId } from "./canonicalId.ts";
import { splitInlineChildren } from "./inlineChildren.ts";
import { presentResource } from "./present.ts";
import { requireParent } from "./parents.ts";
import { lastName, parentId, sameId } from "./resourceId.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "./resourceType.ts";

/** What ARM and a resource provider do alike for every type: keep what is PUT, give it back, list it, remove it. */

export function getResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  return { status: 200, body: presentResource(azure, existing(azure, type, request), request.query) };
}

export function listResources(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  requireParent(azure, request.target);
  const value = resourcesOfType(azure, type.type, parentId(request.target)).map((resource) =>
    presentResource(azure, resource, request.query),
  );
  return { status: 200, body: { value } };
}

export function putResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const { target } = request;
  const body = request.body();
  requireParent(azure, target);
  const before = findResource(azure, target.id);
  const resource = store(azure, type, before?.id ?? canonicalId(azure, type, target), checkedBody(type, body), before);
  return { status: before ? 200 : 201, body: presentResource(azure, resource, request.query) };
}

/** Only whether it is there. */
export function headResource(azure: Azure, _type: ResourceType, { target }: ArmRequest): ArmAnswer {
  return { status: findResource(azure, target.id) ? 204 : 404 };
}

/** Changes the tags: all that a PATCH changes of every tracked type. */
export function patchResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const resource = existing(azure, type, request);
  const { tags } = request.body();
  if (tags !== undefined) resource.body.tags = tags;
  return { status: 200, body: presentResource(azure, resource, request.query) };
}

export function deleteResource(azure: Azure, _type: ResourceType, request: ArmRequest): ArmAnswer {
  if (!findResource(azure, request.target.id)) return { status: 204 };
  removeResource(azure, request.target.id);
  return { status: 200 };
}

export function existing(azure: Azure, type: ResourceType, { target }: ArmRequest): StoredResource {
  const resource = findResource(azure, target.id);
  if (resource) return resource;
  requireParent(azure, target);
  throw resourceNotFound(type.type, target.id, target.names);
}

/** Keeps a resource, its inline children apart from it. Inline children that are no longer named are removed. */
export function store(
  azure: Azure,
  type: ResourceType,
  id: string,
  body: Json,
  before?: StoredResource,
): StoredResource {
  const { own, children } = splitInlineChildren(type, body);
  const resource: StoredResource = { id, name: lastName(id), type: type.type, body: own };
  if (before?.hidden) resource.hidden = before.hidden;
  const properties = (own.properties ??= {}) as Json;
  properties.provisioningState ??= "Succeeded";
  type.complete?.(azure, resource, before);
  storeResource(azure, resource);
  for (const { property, childType, items } of children) {
    const kept = new Map(items.map((item) => [`${id}/${property}/${String(item.name)}`, item]));
    for (const child of resourcesOfType(azure, childType, id)) {
      if (![...kept.keys()].some((childId) => sameId(childId, child.id))) removeResource(azure, child.id);
    }
    const ofChild = azure.resourceTypes.find(childType);
    for (const [childId, item] of kept) {
      if (ofChild)
        store(azure, ofChild, childId, checkedBody(ofChild, withoutName(item)), findResource(azure, childId));
    }
  }
  return resource;
}

const withoutName = ({ name: _, ...item }: Json) => item;

/** What a client may say of a resource; what only Azure says is dropped. */
function checkedBody(type: ResourceType, body: Json): Json {
  const { id: _, name: __, type: ___, systemData: ____, etag: _____, ...own } = body;
  if (own.properties !== undefined && !isObject(own.properties)) {
    throw invalidRequestContent("Error converting value to type 'properties'. Path 'properties'.");
  }
  if (own.tags !== undefined && own.tags !== null && !isObject(own.tags)) {
    throw invalidRequestContent("Error converting value to type 'tags'. Path 'tags'.");
  }
  if (type.tracked) own.location = checkedLocation(type, own.location);
  if (own.properties) delete own.properties.provisioningState;
  return own;
}

/** @returns the location as Azure writes it: `westeurope` of "West Europe". */
export function checkedLocation(type: ResourceType, location: unknown): string {
  if (typeof location !== "string" || location === "") throw locationRequired();
  const written = location.toLowerCase().replaceAll(" ", "");
  if (type.locations && !type.locations.includes(written)) {
    throw locationNotAvailable(location, type.type, type.locations);
  }
  return written;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
