import { resourceNotFound } from "../arm/errors.ts";
import { etagOf } from "../arm/etag.ts";
import { requireParent } from "../arm/parents.ts";
import { lastName, parentId, sameId } from "../arm/resourceId.ts";
import type { ArmRequest, ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";

const TYPE = "Microsoft.Network/networkSecurityGroups/defaultSecurityRules";

export const EVERY_LIST = {
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
};

/** Rules of several ranges at once. */
export const rangesSince = (path: string) =>
  Object.fromEntries(Object.keys(EVERY_LIST).map((name) => [`${path}${name}`, "2017-06-01"]));

/** What every group ends with, whatever is written into it: to be read, and nothing else. */
export const defaultSecurityRules: ResourceType = {
  type: TYPE,
  apiVersions,
  since: { type: "2020-08-01", ...rangesSince("properties.") },
  readOnly: true,
  list: (azure, request) => ({ status: 200, body: { value: rulesOfParent(azure, request) } }),
  get(azure, request) {
    const { id, names } = request.target;
    const rule = rulesOfParent(azure, request).find(({ name }) => sameId(String(name), lastName(id)));
    if (rule) return { status: 200, body: rule };
    throw resourceNotFound(TYPE, id, names);
  },
};

function rulesOfParent(azure: Azure, { target }: ArmRequest): Json[] {
  requireParent(azure, target);
  const group = findResource(azure, parentId(target));
  return group ? defaultRulesOf(azure, group) : [];
}

export function defaultRulesOf(azure: Azure, group: StoredResource): Json[] {
  const { provisioningState } = group.body.properties as Json;
  const etag = etagOf(azure, group);
  return DEFAULT_RULES.map(([name, description, ...rest]) => {
    const [direction, priority, sourceAddressPrefix, destinationAddressPrefix, access] = rest;
    const prefixes = { sourceAddressPrefix, destinationAddressPrefix };
    return {
      name,
      id: `${group.id}/defaultSecurityRules/${name}`,
      etag,
      type: TYPE,
      properties: {
        provisioningState,
        description,
        protocol: "*",
        sourcePortRange: "*",
        destinationPortRange: "*",
        ...prefixes,
        access,
        priority,
        direction,
        ...EVERY_LIST,
      },
    };
  });
}

/** Those that every group has, as a recording of azure-cli has them: test_network_nsg. */
const DEFAULT_RULES = [
  [
    "AllowVnetInBound",
    "Allow inbound traffic from all VMs in VNET",
    "Inbound",
    65000,
    "VirtualNetwork",
    "VirtualNetwork",
    "Allow",
  ],
  [
    "AllowAzureLoadBalancerInBound",
    "Allow inbound traffic from azure load balancer",
    "Inbound",
    65001,
    "AzureLoadBalancer",
    "*",
    "Allow",
  ],
  ["DenyAllInBound", "Deny all inbound traffic", "Inbound", 65500, "*", "*", "Deny"],
  [
    "AllowVnetOutBound",
    "Allow outbound traffic from all VMs to all VMs in VNET",
    "Outbound",
    65000,
    "VirtualNetwork",
    "VirtualNetwork",
    "Allow",
  ],
  [
    "AllowInternetOutBound",
    "Allow outbound traffic from all VMs to Internet",
    "Outbound",
    65001,
    "*",
    "Internet",
    "Allow",
  ],
  ["DenyAllOutBound", "Deny all outbound traffic", "Outbound", 65500, "*", "*", "Deny"],
] as const;
