import { requireScope } from "../arm/parents.ts";
import { isShown, presentResource } from "../arm/present.ts";
import { groupNameOf, parentId, parseId } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, listed, type ResourceType } from "../arm/resourceType.ts";
import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { resourcesWithin } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { filterOf } from "./filter.ts";

const EXPANDED = ["createdTime", "changedTime", "provisioningState"];

/** The tracked resources of a subscription or a group, without their properties, as far as the caller may read them. */
function list(azure: Azure, { target, query, principal }: ArmRequest): ArmAnswer {
  const within = parentId(target);
  requireScope(azure, within);
  const holds = filterOf(query);
  const value = resourcesWithin(azure, within)
    .filter((resource) => azure.resourceTypes.find(resource.type)?.tracked && isShown(azure, resource))
    .filter(({ id, name, type, body }) => {
      const { location, tags } = body;
      return holds({ name, resourceType: type, resourceGroup: groupNameOf(id), location, tags });
    })
    .filter(({ id, type }) => mayDo(azure, principal.objectId, `${type}/read`, id))
    .map((resource) => summaryOf(azure, resource, query));
  return listed(value);
}

/** What lists of all types show of a resource; the name of a child has its parents' before it. */
function summaryOf(azure: Azure, resource: StoredResource, query: URLSearchParams): Json {
  const { properties, etag: _, ...shown } = presentResource(azure, resource);
  const expanded: Json = {
    createdTime: timeOf(resource.createdAt),
    changedTime: timeOf(resource.changedAt),
    provisioningState: (properties as Json | undefined)?.provisioningState,
  };
  const asked = (query.get("$expand") ?? "").split(",").map((name) => name.trim().toLowerCase());
  const added = Object.entries(expanded).filter(([name]) => asked.includes(name.toLowerCase()));
  return { ...shown, name: parseId(resource.id).names.join("/"), ...Object.fromEntries(added) };
}

const timeOf = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

export const resourceLists: ResourceType[] = [
  "Microsoft.Resources/subscriptions/resources",
  "Microsoft.Resources/subscriptions/resourceGroups/resources",
].map((type) => ({ type, apiVersions, readOnly: true, authorizesItself: true, top: true, expands: EXPANDED, list }));
