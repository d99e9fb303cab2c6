import { checkedLocation, existing, isObject } from "../arm/genericResources.ts";
import { invalidRequestContent } from "../arm/errors.ts";
import { groupLocationNotAvailable, invalidGroupLocation } from "../arm/writeErrors.ts";
import { existingOperation } from "../arm/operations.ts";
import { regions } from "../arm/regions.ts";
import { presentResource } from "../arm/present.ts";
import { isShown } from "../arm/readAfterWrite.ts";
import { sameId } from "../arm/resourceId.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { mayDo } from "../authorization/access.ts";
import { type Azure, newGuid } from "../azure.ts";
import { findResource, removeResource, resourcesOfType, resourcesWithin, storeResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { apiVersions } from "./apiVersions.ts";
import { filterOf } from "./filter.ts";

export const GROUP_TYPE = "Microsoft.Resources/subscriptions/resourceGroups";
const GROUP_NAME = /^[-\w.()\p{L}\p{N}]{0,89}[-\w()\p{L}\p{N}]$/u;

export const resourceGroups: ResourceType = {
  type: GROUP_TYPE,
  shownType: "Microsoft.Resources/resourceGroups",
  apiVersions,
  top: true,
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
  return { status: 200, body: { value: visible.map((group) => presentResource(azure, group)) } };
}

function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target } = request;
  const { location, tags, managedBy } = request.body();
  const name = target.names[1] ?? "";
  if (!GROUP_NAME.test(name)) throw invalidRequestContent(`The resource group name '${name}' is not valid.`);
  const before = findResource(azure, target.id);
  const written = checkedLocation(resourceGroups, location);
  if (!regions.includes(written)) throw groupLocationNotAvailable(String(location), regions);
  if (before && !sameId(written, String(before.body.location))) {
    throw invalidGroupLocation(written, String(before.body.location));
  }
  const id = before?.id ?? `/subscriptions/${azure.landscape.subscriptionId}/resourceGroups/${name}`;
  const group = createGroup(azure, id, written, {
    ...(tags ? { tags } : {}),
    ...(managedBy ? { managedBy } : {}),
  });
  return { status: before ? 200 : 201, body: presentResource(azure, group) };
}

/** Changes tags, and who manages it. */
function patch(azure: Azure, request: ArmRequest): ArmAnswer {
  const group = existing(azure, resourceGroups, request);
  const { tags, managedBy } = request.body();
  if (tags !== undefined && tags !== null && !isObject(tags)) throw invalidRequestContent("Path 'tags'.");
  if (tags !== undefined) group.body.tags = tags ?? {};
  if (managedBy !== undefined) group.body.managedBy = managedBy;
  return { status: 200, body: presentResource(azure, group) };
}

/** A group goes with all that is in it, after a while. */
function remove(azure: Azure, request: ArmRequest): ArmAnswer {
  const group = existing(azure, resourceGroups, request);
  (group.body.properties as Json).provisioningState = "Deleting";
  const guid = newGuid(azure, "deletion", group.id);
  azure.state.operations[guid] = { guid, location: "", status: "InProgress", startTime: azure.now };
  const delay = azure.random.milliseconds(azure.settings.groupDeletionSeconds, "group deletion", guid);
  schedule(azure, delay, { kind: "group-deleted", id: group.id, operation: guid });
  const path = `/subscriptions/${azure.landscape.subscriptionId}/operationresults/${guid}`;
  const location = `${azure.origin}${path}?api-version=${request.apiVersion}`;
  return { status: 202, headers: { location, "retry-after": "15", "x-ms-request-id": guid } };
}

export const groupTransitions: TransitionTable = {
  "group-deleted"(azure, { id, operation }) {
    for (const { hidden } of resourcesWithin(azure, id)) {
      if (hidden && "stagingGroup" in hidden) removeResource(azure, String(hidden.stagingGroup));
    }
    removeResource(azure, id);
    const stored = azure.state.operations[operation];
    if (stored) Object.assign(stored, { status: "Succeeded", endTime: azure.now });
  },
};

/** The outcome of a group's deletion: 202 while it lasts, then 200. */
export const operationResults: ResourceType = {
  type: "Microsoft.Resources/subscriptions/operationresults",
  apiVersions,
  authorizesItself: true,
  readOnly: true,
  get(azure, { target }) {
    const { status } = existingOperation(azure, target.names[1] ?? "");
    if (status !== "InProgress") return { status: 200 };
    return {
      status: 202,
      headers: { location: `${azure.origin}${target.id}?api-version=2021-04-01`, "retry-after": "15" },
    };
  },
};
