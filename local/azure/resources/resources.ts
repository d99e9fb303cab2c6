import { AzureError } from "../arm/errors.ts";
import { requireScope } from "../arm/parents.ts";
import { presentResource } from "../arm/present.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { parentId } from "../arm/resourceId.ts";
import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { resourcesWithin } from "../store/resources.ts";
import { apiVersions } from "./apiVersions.ts";

const FILTER = /^resourceType eq '([^']+)'$/i;

/** The tracked resources of a subscription or a group, without their properties, as far as the caller may read them. */
function list(azure: Azure, { target, query, principal }: ArmRequest): ArmAnswer {
  const within = parentId(target);
  requireScope(azure, within);
  const filter = query.get("$filter");
  const wanted = filter === null ? undefined : FILTER.exec(filter.trim())?.[1]?.toLowerCase();
  if (filter && !wanted)
    throw new AzureError(
      400,
      "InvalidFilterInQueryString",
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  const value = resourcesWithin(azure, within)
    .filter(({ type }) => azure.resourceTypes.find(type)?.tracked && (!wanted || type.toLowerCase() === wanted))
    .filter(({ id, type }) => mayDo(azure, principal.objectId, `${type}/read`, id))
    .map((resource) => {
      const { properties: _, ...shown } = presentResource(azure, resource);
      return shown;
    });
  return { status: 200, body: { value } };
}

export const resourceLists: ResourceType[] = [
  "Microsoft.Resources/subscriptions/resources",
  "Microsoft.Resources/subscriptions/resourceGroups/resources",
].map((type) => ({ type, apiVersions, readOnly: true, authorizesItself: true, list }));

export const subscriptions: ResourceType = {
  type: "Microsoft.Resources/subscriptions",
  apiVersions,
  readOnly: true,
  get: ({ landscape }) => ({
    status: 200,
    body: {
      id: `/subscriptions/${landscape.subscriptionId}`,
      subscriptionId: landscape.subscriptionId,
      tenantId: landscape.tenantId,
      displayName: "Golden images",
      state: "Enabled",
      authorizationSource: "RoleBased",
    },
  }),
  list: (azure) => ({
    status: 200,
    body: { value: [subscriptions.get?.(azure, {} as ArmRequest).body] },
  }),
  authorizesItself: true,
};
