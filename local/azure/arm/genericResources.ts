import * as z from "zod";
import { type Azure, newGuid } from "../azure.ts";
import { findResource, removeResource, resourcesOfType, storeResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { armErrors } from "./errors.ts";
import { renewEtag } from "./etag.ts";
import { inlineChildren, splitInlineChildren } from "./inlineChildren.ts";
import { requireParent } from "./parents.ts";
import { regionName, regions } from "./regions.ts";
import { lastName } from "./resourceId.ts";
import { keptTags, type Tags } from "./tags.ts";
import type { ArmRequest, ResourceType } from "./resourceType.ts";

export function existing(azure: Azure, type: ResourceType, { target }: ArmRequest): StoredResource {
  const resource = findResource(azure, target.id);
  if (resource) return resource;
  requireParent(azure, target);
  throw armErrors.ResourceNotFound(type.type, target.id, target.names);
}

/**
 * Keeps a resource, its inline children apart from it. Inline children that are no longer named are removed.
 *
 * @throws AzureError where it does not fit to what is there; then nothing has changed.
 */
export function store(
  azure: Azure,
  type: ResourceType,
  id: string,
  body: Json,
  before?: StoredResource,
  apiVersion?: string,
): StoredResource {
  const { own, children } = splitInlineChildren(type, body);
  const resource = completed(azure, type, id, own, before, apiVersion);
  const written = children.flatMap(({ property, childType, items }) =>
    items.map((item) => {
      const childId = `${id}/${property}/${String(item.name)}`;
      const ofChild = azure.resourceTypes.find(childType) ?? { type: childType, apiVersions: [] };
      const was = findResource(azure, childId);
      return completed(azure, ofChild, was?.id ?? childId, checkedBody(ofChild, withoutName(item)), was, apiVersion);
    }),
  );
  const named = new Set(written.map((child) => child.id.toLowerCase()));
  const removed = children
    .flatMap(({ childType }) => resourcesOfType(azure, childType, id))
    .filter((child) => !named.has(child.id.toLowerCase()));
  for (const child of removed) azure.resourceTypes.find(child.type)?.requireUnused?.(azure, child);
  const kept = inlineChildren(azure, type, resource).flatMap(([property, stored]) =>
    children.some((given) => given.property === property) ? [] : stored,
  );
  type.check?.(azure, resource, [...kept, ...written]);

  if (removed.length > 0) removeResource(azure, ...removed.map((child) => child.id));
  for (const one of [resource, ...written]) storeResource(azure, one);
  renewEtag(azure, resource);
  return resource;
}

/** A resource as it will be stored, with all that Azure adds. */
function completed(
  azure: Azure,
  type: ResourceType,
  id: string,
  body: Json,
  before: StoredResource | undefined,
  apiVersion: string | undefined,
): StoredResource {
  const resource: StoredResource = { id, name: lastName(id), type: type.type, body };
  if (before?.hidden) resource.hidden = before.hidden;
  const properties = (body.properties ??= {}) as Json;
  if (type.resourceGuid) {
    const was = before?.body.properties as Json | undefined;
    properties.resourceGuid = was?.resourceGuid ?? newGuid(azure, "resource", id);
  }
  properties.provisioningState ??= "Succeeded";
  if (type.defaults) body.properties = { ...structuredClone(type.defaults), ...properties };
  type.complete?.(azure, resource, before, apiVersion);
  return resource;
}

const withoutName = ({ name: _, ...item }: Json) => item;

/** What a client may say of a resource; what only Azure says is dropped. */
export function checkedBody(type: ResourceType, body: Json): Json {
  const { id: _, name: __, type: ___, systemData: ____, etag: _____, ...own } = body;
  if (own.properties !== undefined && !isObject(own.properties)) {
    throw armErrors.InvalidRequestContent("Error converting value to type 'properties'. Path 'properties'.");
  }
  if (own.tags !== undefined && own.tags !== null && !isObject(own.tags)) {
    throw armErrors.InvalidRequestContent("Error converting value to type 'tags'. Path 'tags'.");
  }
  if (own.tags === null) own.tags = {};
  if (type.tracked) own.location = checkedLocation(type, own.location);
  else for (const name of ["location", "tags"]) delete own[name];
  if (own.properties) {
    const setByAzure = new Set(["provisioningState", "resourceGuid", ...(type.setByAzure ?? [])]);
    const said = Object.entries(own.properties).filter(([name]) => !setByAzure.has(name));
    own.properties = withoutNulls(Object.fromEntries(said));
  }
  const read = inShape(type, own);
  return read.tags === undefined ? read : { ...read, tags: keptTags(read.tags as Tags) };
}

/** A property that is null counts as left out, however deep it lies. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(said.map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** What Azure gives any resource a place for, beside its properties. */
const envelope = z.looseObject({
  tags: z.record(z.string(), z.string()).optional(),
  sku: z.looseObject({ name: z.string().optional() }).nullish(),
  kind: z.string().nullish(),
  identity: z.looseObject({ type: z.string() }).nullish(),
  plan: z.looseObject({}).nullish(),
  zones: z.array(z.string()).nullish(),
  extendedLocation: z.looseObject({}).nullish(),
  managedBy: z.string().nullish(),
});

/** A body as its provider reads it: with its words in Azure's spelling. */
function inShape({ shape }: ResourceType, body: Json): Json {
  let read = body;
  for (const wanted of shape ? [envelope, shape] : [envelope]) {
    const parsed = wanted.safeParse(read);
    const problem = parsed.error?.issues[0];
    const path = problem?.path.join(".") ?? "";
    if (problem) throw armErrors.InvalidRequestFormat("InvalidJson", path, `${problem.message}. Path '${path}'.`);
    read = parsed.data as Json;
  }
  return read;
}

/** @returns the location as Azure writes it: `westeurope` of "West Europe". */
export function checkedLocation(
  { type, locations = regions }: ResourceType,
  location: unknown,
  refusal = (asked: string) => armErrors.LocationNotAvailableForResourceType(asked, type, locations),
): string {
  if (typeof location !== "string" || location === "") throw armErrors.LocationRequired();
  const written = regionName(location);
  if (!locations.includes(written)) throw refusal(location);
  return written;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
