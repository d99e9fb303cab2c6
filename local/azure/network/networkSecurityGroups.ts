import { armErrors } from "../arm/errors.ts";
import { etagOf } from "../arm/etag.ts";
import { requireParent } from "../arm/parents.ts";
import { lastName, parentId, sameId } from "../arm/resourceId.ts";
import { type ArmRequest, listed, ok } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { networkErrors } from "./errors.ts";
import { siblingsOf, usedBy } from "./references.ts";
import { requireRules } from "./securityRuleChecks.ts";
import { groupShape, ruleShape } from "./shapes.ts";
import { child, readOnly, resource } from "./type.ts";

const DEFAULT_TYPE = "Microsoft.Network/networkSecurityGroups/defaultSecurityRules";

const EVERY_LIST = {
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
};

/** Rules of several ranges at once. */
const rangesSince = (path: string) =>
  Object.fromEntries(Object.keys(EVERY_LIST).map((name) => [`${path}${name}`, "2017-06-01"]));

const users = usedBy(
  "networkSecurityGroup",
  { networkInterfaces: "Microsoft.Network/networkInterfaces", subnets: "Microsoft.Network/virtualNetworks/subnets" },
  networkErrors.InUseNetworkSecurityGroupCannotBeDeleted,
);

export const networkSecurityGroups = resource("networkSecurityGroups", {
  since: {
    "properties.defaultSecurityRules.type": "2020-08-01",
    ...rangesSince("properties.defaultSecurityRules.properties."),
  },
  shape: groupShape,
  expands: ["networkInterfaces", "subnets"],
  resourceGuid: true,
  setByAzure: ["defaultSecurityRules", "flowLogs", "networkInterfaces", "subnets"],
  inline: { securityRules: "Microsoft.Network/networkSecurityGroups/securityRules" },
  check: (_azure, _group, rules) => requireRules(rules),
  requireUnused: users.requireUnused,
  present: (azure, group, query) => ({
    defaultSecurityRules: defaultRulesOf(azure, group),
    ...users.present(azure, group, query),
  }),
});

export const securityRules = child("networkSecurityGroups/securityRules", {
  since: { type: "2020-08-01", ...rangesSince("properties.") },
  shape: ruleShape,
  defaults: EVERY_LIST,
  check: (azure, rule) => requireRules([...siblingsOf(azure, rule), rule]),
});

/** What every group ends with, whatever is written into it. */
export const defaultSecurityRules = readOnly("networkSecurityGroups/defaultSecurityRules", {
  since: { type: "2020-08-01", ...rangesSince("properties.") },
  list: (azure, request) => listed(rulesOfParent(azure, request)),
  get(azure, request) {
    const { id, names } = request.target;
    const rule = rulesOfParent(azure, request).find(({ name }) => sameId(String(name), lastName(id)));
    if (rule) return ok(rule);
    throw armErrors.ResourceNotFound(DEFAULT_TYPE, id, names);
  },
});

function rulesOfParent(azure: Azure, { target }: ArmRequest): Json[] {
  requireParent(azure, target);
  const group = findResource(azure, parentId(target));
  return group ? defaultRulesOf(azure, group) : [];
}

function defaultRulesOf(azure: Azure, group: StoredResource): Json[] {
  const { provisioningState } = group.body.properties as Json;
  const etag = etagOf(azure, group);
  return DEFAULT_RULES.map(([name, description, priority, sourceAddressPrefix, destinationAddressPrefix]) => ({
    name,
    id: `${group.id}/defaultSecurityRules/${name}`,
    etag,
    type: DEFAULT_TYPE,
    properties: {
      provisioningState,
      description,
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix,
      destinationAddressPrefix,
      access: name.startsWith("Allow") ? "Allow" : "Deny",
      priority,
      direction: name.endsWith("InBound") ? "Inbound" : "Outbound",
      ...EVERY_LIST,
    },
  }));
}

const VNET = "VirtualNetwork";
const BALANCER = "AzureLoadBalancer";

/** Those that every group has, as a recording of azure-cli has them: test_network_nsg. Name, text, priority, from, to. */
const DEFAULT_RULES = [
  ["AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", 65000, VNET, VNET],
  ["AllowAzureLoadBalancerInBound", "Allow inbound traffic from azure load balancer", 65001, BALANCER, "*"],
  ["DenyAllInBound", "Deny all inbound traffic", 65500, "*", "*"],
  ["AllowVnetOutBound", "Allow outbound traffic from all VMs to all VMs in VNET", 65000, VNET, VNET],
  ["AllowInternetOutBound", "Allow outbound traffic from all VMs to Internet", 65001, "*", "Internet"],
  ["DenyAllOutBound", "Deny all outbound traffic", 65500, "*", "*"],
] as const;
