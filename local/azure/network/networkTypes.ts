import { operationTypes } from "../arm/longRunning.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { resourcesOfType } from "../store/resources.ts";
import { apiVersions, child, networkWrites, resource, versionsSince } from "./type.ts";
import { defaultSecurityRules, networkSecurityGroups, securityRules } from "./networkSecurityGroups.ts";
import { networkErrors } from "./errors.ts";
import {
  balancerJoins,
  interfaceJoins,
  natGatewayJoins,
  requireReferences,
  siblingsOf,
  usedBy,
  usersOf,
} from "./references.ts";
import { peerings } from "./peerings.ts";
import { requireRoutes } from "./routes.ts";
import * as shapes from "./shapes.ts";
import { takeAddresses } from "./subnetSpace.ts";
import { addressAvailability, usages } from "./usages.ts";
import { SUBNET_TYPE, subnets, virtualNetworks } from "./virtualNetworks.ts";

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
    shape: shapes.routeTableShape,
    expands: ["subnets"],
    setByAzure: ["subnets"],
    inline: { routes: "Microsoft.Network/routeTables/routes" },
    defaults: { disableBgpRoutePropagation: false },
    ...usedBy("routeTable", inSubnets, networkErrors.InUseRouteTableCannotBeDeleted),
    check: (_azure, _table, routes) => requireRoutes(routes),
  }),
  child("routeTables/routes", {
    shape: shapes.routeShape,
    setByAzure: ["hasBgpOverride"],
    since: { type: "2020-08-01", "properties.hasBgpOverride": "2020-08-01" },
    defaults: { hasBgpOverride: false },
    check: (azure, route) => requireRoutes([...siblingsOf(azure, route), route]),
  }),

  resource("natGateways", {
    apiVersions: versionsSince("2019-02-01"),
    ...guid,
    setByAzure: ["subnets"],
    shape: shapes.natGatewayShape,
    expands: ["subnets", "publicIpAddresses"],
    joins: natGatewayJoins,
    defaults: { idleTimeoutInMinutes: 4 },
    ...usedBy("natGateway", inSubnets, networkErrors.CannotDeleteNatGatewayAssociatedToSubnet),
    check: (azure, gateway) => requireReferences(azure, gateway, ["publicIpAddresses"], gateway.body.location),
  }),
  resource("publicIPAddresses", {
    ...guid,
    since: {
      sku: "2017-08-01",
      "properties.publicIPAddressVersion": "2016-03-30",
      "properties.ipTags": "2017-11-01",
    },
    shape: shapes.addressShape,
    expands: ["ipConfiguration"],
    setByAzure: ["ipConfiguration", "upgradedToV2"],
    defaults: {
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Dynamic",
      idleTimeoutInMinutes: 4,
      ipTags: [],
    },
    requireUnused: usedBy(
      "publicIpAddresses",
      { natGateway: "Microsoft.Network/natGateways" },
      networkErrors.PublicIPAddressCannotBeDeleted,
    ).requireUnused,
  }),

  resource("firewallPolicies", {
    shownType: "Microsoft.Network/FirewallPolicies",
    apiVersions: versionsSince("2019-06-01"),
    since: { "properties.ruleCollectionGroups": "2020-05-01", "properties.sku": "2020-07-01" },
    defaults: { threatIntelMode: "Alert", sku: { tier: "Standard" } },
    shape: shapes.policyShape,
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
    shape: shapes.ruleGroupShape,
    setByAzure: ["size"],
  }),
  resource("azureFirewalls", {
    apiVersions: versionsSince("2018-04-01"),
    shape: shapes.firewallShape,
    setByAzure: ["afcConfiguration", "ipGroups"],
    defaults: { threatIntelMode: "Alert" },
  }),

  resource("networkInterfaces", {
    ...guid,
    since: { "properties.ipConfigurations.properties.privateIPAddressVersion": "2016-03-30" },
    shape: shapes.interfaceShape,
    expands: ["networkSecurityGroup", "virtualMachine"],
    setByAzure: (
      "virtualMachine privateEndpoint macAddress primary vnetEncryptionSupported tapConfigurations dscpConfiguration " +
      "hostedWorkloads defaultOutboundConnectivityEnabled"
    ).split(" "),
    joins: interfaceJoins,
    complete: takeAddresses,
  }),
  resource("loadBalancers", {
    ...guid,
    shape: shapes.loadBalancerShape,
    joins: balancerJoins,
    complete: takeAddresses,
  }),
  resource("privateLinkServices", {
    apiVersions: versionsSince("2019-04-01"),
    setByAzure: ["alias", "networkInterfaces", "privateEndpointConnections"],
  }),

  ...operationTypes(networkWrites, apiVersions),
];
