import { displayName, regions } from "../arm/regions.ts";
import { listed, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { tagsId } from "./tags.ts";

/** Whoever has a token of the tenant may list them. */
const open = { apiVersions, readOnly: true, authorizesItself: true };

/** The one subscription of the landscape. */
export const subscriptions: ResourceType = {
  type: "Microsoft.Resources/subscriptions",
  apiVersions,
  readOnly: true,
  opens: (_, { target }) => target.names.length === 0,
  get: (azure) => ok(subscription(azure)),
  list: (azure) => listed([subscription(azure)]),
};

function subscription(azure: Azure): Json {
  const { subscriptionId, tenantId } = azure.landscape;
  const id = `/subscriptions/${subscriptionId}`;
  const tags = findResource(azure, tagsId(id))?.body.tags;
  return {
    id,
    subscriptionId,
    tenantId,
    displayName: "Golden images",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "EnterpriseAgreement_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
    managedByTenants: [],
    ...(tags ? { tags } : {}),
  };
}

export const locations: ResourceType = {
  type: "Microsoft.Resources/subscriptions/locations",
  ...open,
  list: ({ landscape }) =>
    listed(
      regions.map((name) => ({
        id: `/subscriptions/${landscape.subscriptionId}/locations/${name}`,
        name,
        type: "Region",
        displayName: displayName(name),
        regionalDisplayName: displayName(name),
        metadata: { regionType: "Physical" },
      })),
    ),
};

export const tenants: ResourceType = {
  type: "Microsoft.Resources/tenants",
  ...open,
  list: ({ landscape: { tenantId } }) => listed([{ id: `/tenants/${tenantId}`, tenantId, tenantCategory: "Home" }]),
};
