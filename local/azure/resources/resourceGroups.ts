import { checkedLocation, existing, isObject } from "../arm/genericResources.ts";
import { armErrors, AzureError } from "../arm/errors.ts";
import { beginOperation, endOperation, existingOperation } from "../arm/operations.ts";
import { regions } from "../arm/regions.ts";
import { isShown, presentResource } from "../arm/present.ts";
import { nestedName, parseId, sameId } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, listed, ok, type ResourceType } from "../arm/resourceType.ts";
import { keptTags, type Tags } from "../arm/tags.ts";
import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { findResource, removeResource, resourcesOfType, resourcesWithin, storeResource } from "../store/resources.ts";
import type { Json, StoredOperation, StoredResource } from "../store/state.ts";
import { scheduleWithin, type TransitionTable } from "../store/transitions.ts";
import { apiVersions } from "./apiVersions.ts";
import { filterOf } from "./filter.ts";

export const GROUP_TYPE = "Microsoft.Resources/subscriptions/resourceGroups";
const GROUP_NAME = /^[-\w.()\p{L}\p{N}]{0,89}[-\w()\p{L}\p{N}]$/u;

export const resourceGroups: ResourceType = {
  type: GROUP_TYPE,
  shownType: "Microsoft.Resources/resourceGroups",
  apiVersions,
  top: true,
  expands: ["createdTime", "changedTime"],
  list,
  put,
  patch,
  delete: remove,
};

/** @param properties more of what a GET answers: `tags`, `managedBy`. */
export function createGroup(azure: Azure, id: string, location: string, properties: Json = {}): StoredResource {
  const name = id.slice(id.lastIndexOf("/") + 1);
  const body = { location, ...properties, properties: { provisioningState: "Succeeded" } };
  return storeResource(azure, { id, name, type: GROUP_TYPE, body });
}

/** Groups are listed to whoever may read them, one by one. */
function list(azure: Azure, { target, principal, query }: ArmRequest): ArmAnswer {
  const holds = filterOf(query);
  const visible = resourcesOfType(azure, GROUP_TYPE, `/subscriptions/${target.subscriptionId ?? ""}`)
    .filter((group) => isShown(azure, group))
    .filter(
      ({ id, name, body: { location, tags } }) =>
        holds({ name, location, tags }) && mayDo(azure, principal.objectId, `${GROUP_TYPE}/read`, id),
    );
  return listed(visible.map((group) => presentResource(azure, group)));
}

function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target } = request;
  const { location, tags, managedBy } = request.body();
  const name = target.names[1] ?? "";
  if (!GROUP_NAME.test(name)) throw armErrors.InvalidResourceGroup(name);
  const before = findResource(azure, target.id);
  const written = checkedLocation(resourceGroups, location, (asked) =>
    armErrors.LocationNotAvailableForResourceGroup(asked, regions),
  );
  if (before && !sameId(written, String(before.body.location))) {
    throw armErrors.InvalidResourceGroupLocation(written, String(before.body.location));
  }
  const id = before?.id ?? `/subscriptions/${azure.landscape.subscriptionId}/resourceGroups/${name}`;
  const group = createGroup(azure, id, written, {
    ...(tags ? { tags: keptTags(tags as Tags) } : {}),
    ...(managedBy ? { managedBy } : {}),
  });
  return { status: before ? 200 : 201, body: presentResource(azure, group) };
}

/** Changes tags, and who manages it. */
function patch(azure: Azure, request: ArmRequest): ArmAnswer {
  const group = existing(azure, resourceGroups, request);
  const { tags, managedBy } = request.body();
  if (tags !== undefined && tags !== null && !isObject(tags)) throw armErrors.InvalidRequestContent("Path 'tags'.");
  if (tags !== undefined) group.body.tags = keptTags((tags ?? {}) as Tags);
  if (managedBy !== undefined) group.body.managedBy = managedBy;
  storeResource(azure, group);
  return ok(presentResource(azure, group));
}

/** A group goes with all that is in it, after a while; as a whole only where all of it goes. */
function remove(azure: Azure, request: ArmRequest): ArmAnswer {
  const group = existing(azure, resourceGroups, request);
  (group.body.properties as Json).provisioningState = "Deleting";
  const { guid } = beginOperation(azure, "deletion", { id: group.id, location: "" });
  const end = { kind: "group-deleted", id: group.id, operation: guid };
  scheduleWithin(azure, azure.settings.groupDeletionSeconds, "group deletion", end);
  const path = `/subscriptions/${azure.landscape.subscriptionId}/operationresults/${guid}`;
  const location = `${azure.origin}${path}?api-version=${request.apiVersion}`;
  return { status: 202, headers: { location, "retry-after": "15", "x-ms-request-id": guid } };
}

export const groupTransitions: TransitionTable = {
  "group-deleted"(azure, { id, operation }) {
    const group = findResource(azure, id);
    const left = empty(azure, id);
    if (!group || left.length === 0) {
      removeResource(azure, id);
      return endOperation(azure, operation, "Succeeded");
    }
    (group.body.properties as Json).provisioningState = "Succeeded";
    endOperation(azure, operation, "Failed", deletionBlocked(group.name, left, operation));
  },
};

interface Left {
  resource: StoredResource;
  why: AzureError;
}

/** Deletes what is in a group, over and over, as long as more of it goes. @returns what does not. */
function empty(azure: Azure, groupId: string): Left[] {
  for (;;) {
    const there = resourcesWithin(azure, groupId).filter(({ type }) => azure.resourceTypes.find(type)?.tracked);
    const left = there.flatMap((resource) => removed(azure, resource) ?? []);
    if (left.length === 0 || left.length === there.length) return left;
  }
}

function removed(azure: Azure, resource: StoredResource): Left | undefined {
  const { requireUnused, goesWithGroup } = azure.resourceTypes.find(resource.type) ?? {};
  try {
    requireUnused?.(azure, resource);
    goesWithGroup?.(azure, resource);
    removeResource(azure, resource.id);
    return undefined;
  } catch (why) {
    if (why instanceof AzureError) return { resource, why };
    throw why;
  }
}

/** As a deployment of Azure/bicep-registry-modules was told. */
function deletionBlocked(group: string, left: Left[], trackingId: string): StoredOperation["error"] {
  const identifiers = left.map(({ resource: { id, type } }) => nestedName(type, parseId(id).names)).join(",");
  return {
    code: "ResourceGroupDeletionBlocked",
    message:
      `Deletion of resource group '${group}' failed as resources with identifiers '${identifiers}' could not be deleted. ` +
      `The provisioning state of the resource group will be rolled back. The tracking Id is '${trackingId}'. ` +
      "Please check audit logs for more details.",
    details: left.map(({ resource, why: { code, message } }) => ({
      target: resource.id,
      message: JSON.stringify({ error: { code, message } }),
    })),
  };
}

/** The outcome of a group's deletion: 202 while it lasts, then 200, or 409 where something in it did not go. */
export const operationResults: ResourceType = {
  type: "Microsoft.Resources/subscriptions/operationresults",
  apiVersions,
  authorizesItself: true,
  readOnly: true,
  get(azure, { target }) {
    const { status, error } = existingOperation(azure, target.names[1] ?? "");
    if (error) throw new AzureError(409, error.code, error.message, {}, { details: error.details ?? [] });
    if (status !== "InProgress") return { status: 200 };
    return {
      status: 202,
      headers: { location: `${azure.origin}${target.id}?api-version=2021-04-01`, "retry-after": "15" },
    };
  },
};
