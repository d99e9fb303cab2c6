import { displayName, regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { tagsId } from "./tags.ts";

const type = "Microsoft.Resources/subscriptions";

/** The one subscription of the landscape; whoever has a token of its tenant sees it. */
export const subscriptions: ResourceType = {
  type,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  get: (azure) => ({ status: 200, body: subscription(azure) }),
  list: (azure) => ({ status: 200, body: { value: [subscription(azure)] } }),
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
  type: `${type}/locations`,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  list: ({ landscape }) => ({
    status: 200,
    body: {
      value: regions.map((name) => ({
        id: `/subscriptions/${landscape.subscriptionId}/locations/${name}`,
        name,
        type: "Region",
        displayName: displayName(name),
        regionalDisplayName: displayName(name),
        metadata: { regionType: "Physical" },
      })),
    },
  }),
};

export const tenants: ResourceType = {
  type: "Microsoft.Resources/tenants",
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  list: ({ landscape }) => ({
    status: 200,
    body: { value: [{ id: `/tenants/${landscape.tenantId}`, tenantId: landscape.tenantId, tenantCategory: "Home" }] },
  }),
};
