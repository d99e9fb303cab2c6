import { operationTypes } from "../arm/longRunning.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { natGatewayInUse, publicAddressInUse, routeTableInUse } from "./errors.ts";
import { networkSecurityGroups, securityRules } from "./networkSecurityGroups.ts";
import { balancerJoins, interfaceJoins, natGatewayJoins } from "./joins.ts";
import { peerings } from "./peerings.ts";
import { requireReferences, usedBy, usersOf } from "./references.ts";
import { interfaceShape, loadBalancerShape, natGatewayShape, policyShape, routeShape } from "./shapes.ts";
import { takeAddresses } from "./subnetSpace.ts";
import { addressAvailability, usages } from "./usages.ts";
import { SUBNET_TYPE, subnets, virtualNetworks } from "./virtualNetworks.ts";
import { networkWrites } from "./writes.ts";

const child = (type: string, own: Partial<ResourceType> = {}): ResourceType => ({
  type: `Microsoft.Network/${type}`,
  apiVersions,
  longRunning: networkWrites,
  etag: true,
  ...own,
});

const resource = (type: string, own: Partial<ResourceType> = {}): ResourceType =>
  child(type, { tracked: true, locations: regions, ...own });

/** Properties that Azure adds where they are left out. */
const defaults = (properties: Json): Pick<ResourceType, "complete"> => ({
  complete: (_azure, { body }) => void (body.properties = { ...properties, ...(body.properties as Json) }),
});

const POLICY_TYPE = "Microsoft.Network/firewallPolicies";
const GROUP_TYPE = `${POLICY_TYPE}/ruleCollectionGroups`;
const FIREWALL_TYPE = "Microsoft.Network/azureFirewalls";
const guid = { resourceGuid: true };
const inSubnets = { subnets: SUBNET_TYPE };

export const networkTypes: ResourceType[] = [
  virtualNetworks,
  subnets,
  peerings,
  usages,
  addressAvailability,
  networkSecurityGroups,
  securityRules,

  resource("routeTables", {
    ...guid,
    setByAzure: ["subnets"],
    inline: { routes: "Microsoft.Network/routeTables/routes" },
    ...defaults({ disableBgpRoutePropagation: false }),
    ...usedBy("routeTable", inSubnets, routeTableInUse),
  }),
  child("routeTables/routes", { shape: routeShape, ...defaults({ hasBgpOverride: false }) }),

  resource("natGateways", {
    ...guid,
    setByAzure: ["subnets"],
    shape: natGatewayShape,
    joins: natGatewayJoins,
    ...defaults({ idleTimeoutInMinutes: 4 }),
    ...usedBy("natGateway", inSubnets, natGatewayInUse),
    check: (azure, gateway) => requireReferences(azure, gateway, ["publicIpAddresses"], gateway.body.location),
  }),
  resource("publicIPAddresses", {
    ...guid,
    ...defaults({
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Dynamic",
      idleTimeoutInMinutes: 4,
      ipTags: [],
    }),
    requireUnused: usedBy("publicIpAddresses", { natGateway: "Microsoft.Network/natGateways" }, publicAddressInUse)
      .requireUnused,
  }),

  resource("firewallPolicies", {
    shownType: "Microsoft.Network/FirewallPolicies",
    ...defaults({ threatIntelMode: "Alert", sku: { tier: "Standard" } }),
    shape: policyShape,
    setByAzure: ["ruleCollectionGroups", "childPolicies", "firewalls"],
    present: (azure, policy) => ({
      ruleCollectionGroups: resourcesOfType(azure, GROUP_TYPE, policy.id).map(({ id }) => ({ id })),
      childPolicies: usersOf(azure, policy, "basePolicy", POLICY_TYPE).map((id) => ({ id })),
      firewalls: usersOf(azure, policy, "firewallPolicy", FIREWALL_TYPE).map((id) => ({ id })),
    }),
  }),
  child("firewallPolicies/ruleCollectionGroups", {
    shownType: "Microsoft.Network/FirewallPolicies/RuleCollectionGroups",
  }),
  resource("azureFirewalls", defaults({ threatIntelMode: "Alert" })),

  resource("networkInterfaces", { ...guid, shape: interfaceShape, joins: interfaceJoins, complete: takeAddresses }),
  resource("loadBalancers", { ...guid, shape: loadBalancerShape, joins: balancerJoins, complete: takeAddresses }),
  resource("privateLinkServices"),

  ...operationTypes(networkWrites, apiVersions),
];
