import { etagOf } from "../arm/etag.ts";
import { outermost } from "../arm/parents.ts";
import { regions } from "../arm/regions.ts";
import { sameId } from "../arm/resourceId.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { badPriority, ruleConflict, securityGroupInUse } from "./errors.ts";
import { usedBy } from "./references.ts";
import { groupShape, ruleShape } from "./shapes.ts";
import { networkWrites } from "./writes.ts";

const GROUP_TYPE = "Microsoft.Network/networkSecurityGroups";
const RULE_TYPE = `${GROUP_TYPE}/securityRules`;
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
  securityGroupInUse,
);

export const networkSecurityGroups: ResourceType = {
  type: GROUP_TYPE,
  apiVersions,
  since: {
    "properties.defaultSecurityRules.type": "2020-08-01",
    ...rangesSince("properties.defaultSecurityRules.properties."),
  },
  tracked: true,
  locations: regions,
  shape: groupShape,
  longRunning: networkWrites,
  etag: true,
  resourceGuid: true,
  setByAzure: ["defaultSecurityRules", "networkInterfaces", "subnets"],
  inline: { securityRules: RULE_TYPE },
  check: (_azure, _group, rules) => requireOrder(rules),
  requireUnused: users.requireUnused,
  present(azure, group, query) {
    const { provisioningState } = group.body.properties as Json;
    const etag = etagOf(azure, group);
    const defaultSecurityRules = DEFAULT_RULES.map(([name, description, ...rest]) => {
      const [direction, priority, sourceAddressPrefix, destinationAddressPrefix, access] = rest;
      const prefixes = { sourceAddressPrefix, destinationAddressPrefix };
      return {
        name,
        id: `${group.id}/defaultSecurityRules/${name}`,
        etag,
        type: `${GROUP_TYPE}/defaultSecurityRules`,
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
    return { defaultSecurityRules, ...users.present(azure, group, query) };
  },
};

export const securityRules: ResourceType = {
  type: RULE_TYPE,
  apiVersions,
  since: { type: "2020-08-01", ...rangesSince("properties.") },
  shape: ruleShape,
  longRunning: networkWrites,
  etag: true,
  complete(_azure, { body }) {
    body.properties = { ...EVERY_LIST, ...(body.properties as Json) };
  },
  check(azure, rule) {
    const others = resourcesOfType(azure, RULE_TYPE, outermost(azure, rule).id);
    requireOrder([...others.filter(({ id }) => !sameId(id, rule.id)), rule]);
  },
};

/** No two rules of one direction have the same priority. */
function requireOrder(rules: StoredResource[]): void {
  const seen = new Map<string, string>();
  for (const { name, body } of rules) {
    const { priority, direction } = body.properties as { priority?: number; direction?: string };
    if (!Number.isInteger(priority) || Number(priority) < 100 || Number(priority) > 4096) throw badPriority(priority);
    const place = `${String(direction).toLowerCase()} ${priority}`;
    const other = seen.get(place);
    if (other !== undefined) throw ruleConflict(name, other);
    seen.set(place, name);
  }
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
