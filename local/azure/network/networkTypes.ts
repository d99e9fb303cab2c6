import { operationTypes } from "../arm/longRunning.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { apiVersions, versionsSince } from "./apiVersions.ts";
import { defaultSecurityRules } from "./defaultSecurityRules.ts";
import { natGatewayInUse, publicAddressInUse, routeTableInUse } from "./errors.ts";
import { networkSecurityGroups, securityRules } from "./networkSecurityGroups.ts";
import { balancerJoins, interfaceJoins, natGatewayJoins } from "./joins.ts";
import { peerings } from "./peerings.ts";
import { requireReferences, siblingsOf, usedBy, usersOf } from "./references.ts";
import { requireRoutes } from "./routes.ts";
import {
  addressShape,
  firewallShape,
  interfaceShape,
  loadBalancerShape,
  natGatewayShape,
  policyShape,
  routeShape,
  routeTableShape,
  ruleGroupShape,
} from "./shapes.ts";
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
  defaultSecurityRules,

  resource("routeTables", {
    ...guid,
    since: { "properties.disableBgpRoutePropagation": "2017-10-01", "properties.resourceGuid": "2020-08-01" },
    shape: routeTableShape,
    expands: ["subnets"],
    setByAzure: ["subnets"],
    inline: { routes: "Microsoft.Network/routeTables/routes" },
    ...defaults({ disableBgpRoutePropagation: false }),
    ...usedBy("routeTable", inSubnets, routeTableInUse),
    check: (_azure, _table, routes) => requireRoutes(routes),
  }),
  child("routeTables/routes", {
    shape: routeShape,
    setByAzure: ["hasBgpOverride"],
    since: { type: "2020-08-01", "properties.hasBgpOverride": "2020-08-01" },
    ...defaults({ hasBgpOverride: false }),
    check: (azure, route) => requireRoutes([...siblingsOf(azure, route), route]),
  }),

  resource("natGateways", {
    apiVersions: versionsSince("2019-02-01"),
    ...guid,
    setByAzure: ["subnets"],
    shape: natGatewayShape,
    expands: ["subnets", "publicIpAddresses"],
    joins: natGatewayJoins,
    ...defaults({ idleTimeoutInMinutes: 4 }),
    ...usedBy("natGateway", inSubnets, natGatewayInUse),
    check: (azure, gateway) => requireReferences(azure, gateway, ["publicIpAddresses"], gateway.body.location),
  }),
  resource("publicIPAddresses", {
    ...guid,
    since: {
      sku: "2017-08-01",
      "properties.publicIPAddressVersion": "2016-03-30",
      "properties.ipTags": "2017-11-01",
    },
    shape: addressShape,
    expands: ["ipConfiguration"],
    setByAzure: ["ipConfiguration", "upgradedToV2"],
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
    apiVersions: versionsSince("2019-06-01"),
    since: { "properties.ruleCollectionGroups": "2020-05-01", "properties.sku": "2020-07-01" },
    ...defaults({ threatIntelMode: "Alert", sku: { tier: "Standard" } }),
    shape: policyShape,
    expands: ["firewalls", "childPolicies", "basePolicy", "ruleCollectionGroups"],
    setByAzure: ["ruleCollectionGroups", "childPolicies", "firewalls", "afcManaged", "kubeSelectorGroups", "size"],
    present: (azure, policy) => ({
      ruleCollectionGroups: resourcesOfType(azure, GROUP_TYPE, policy.id).map(({ id }) => ({ id })),
      childPolicies: usersOf(azure, policy, "basePolicy", POLICY_TYPE).map((id) => ({ id })),
      firewalls: usersOf(azure, policy, "firewallPolicy", FIREWALL_TYPE).map((id) => ({ id })),
    }),
  }),
  child("firewallPolicies/ruleCollectionGroups", {
    shownType: "Microsoft.Network/FirewallPolicies/RuleCollectionGroups",
    apiVersions: versionsSince("2020-05-01"),
    shape: ruleGroupShape,
    setByAzure: ["size"],
  }),
  resource("azureFirewalls", {
    apiVersions: versionsSince("2018-04-01"),
    shape: firewallShape,
    setByAzure: ["afcConfiguration", "ipGroups"],
    ...defaults({ threatIntelMode: "Alert" }),
  }),

  resource("networkInterfaces", {
    ...guid,
    since: { "properties.ipConfigurations.properties.privateIPAddressVersion": "2016-03-30" },
    shape: interfaceShape,
    expands: ["networkSecurityGroup", "virtualMachine"],
    setByAzure: (
      "virtualMachine privateEndpoint macAddress primary vnetEncryptionSupported tapConfigurations dscpConfiguration " +
      "hostedWorkloads defaultOutboundConnectivityEnabled"
    ).split(" "),
    joins: interfaceJoins,
    complete: takeAddresses,
  }),
  resource("loadBalancers", { ...guid, shape: loadBalancerShape, joins: balancerJoins, complete: takeAddresses }),
  resource("privateLinkServices", {
    apiVersions: versionsSince("2019-04-01"),
    setByAzure: ["alias", "networkInterfaces", "privateEndpointConnections"],
  }),

  ...operationTypes(networkWrites, apiVersions),
];
