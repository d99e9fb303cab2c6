import * as z from "zod";
import {
  anything,
  body,
  flag,
  fullBody,
  list,
  object,
  part,
  reference,
  references,
  strings,
  text,
  word,
} from "../arm/shapes.ts";

/** What bodies of Microsoft.Network must look like, as far as anything here reads them. */

const priority = z.int().min(100).max(65_000).optional();
const optional = (...words: string[]) => word(...words).optional();

export const networkShape = body({
  addressSpace: part({ addressPrefixes: strings }),
  dhcpOptions: part({ dnsServers: strings }),
  flowTimeoutInMinutes: z.int().optional(),
  enableDdosProtection: flag,
  enableVmProtection: flag,
  ddosProtectionPlan: reference,
});

export const subnetShape = body({
  addressPrefix: text,
  addressPrefixes: strings,
  networkSecurityGroup: reference,
  routeTable: reference,
  natGateway: reference,
  privateLinkServiceNetworkPolicies: optional("Enabled", "Disabled"),
  privateEndpointNetworkPolicies: optional("Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
  defaultOutboundAccess: flag,
  delegations: list({ name: z.string(), properties: object({ serviceName: z.string() }) }),
  serviceEndpoints: list({ service: text, locations: strings }),
  serviceEndpointPolicies: references,
});

export const peeringShape = body({
  remoteVirtualNetwork: reference,
  allowVirtualNetworkAccess: flag,
  allowForwardedTraffic: flag,
  allowGatewayTransit: flag,
  useRemoteGateways: flag,
});

export const groupShape = body({ flushConnection: flag });

const side = (name: "source" | "destination") => ({
  [`${name}PortRange`]: text,
  [`${name}PortRanges`]: strings,
  [`${name}AddressPrefix`]: text,
  [`${name}AddressPrefixes`]: strings,
  [`${name}ApplicationSecurityGroups`]: references,
});
export const ruleShape = fullBody({
  protocol: word("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
  access: word("Allow", "Deny"),
  direction: word("Inbound", "Outbound"),
  priority: z.int().optional(),
  description: text,
  ...side("source"),
  ...side("destination"),
});

export const routeShape = fullBody({
  addressPrefix: text,
  nextHopType: word("VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"),
  nextHopIpAddress: text,
});

export const routeTableShape = body({ disableBgpRoutePropagation: flag });

export const natGatewayShape = body({
  publicIpAddresses: references,
  publicIpPrefixes: references,
  idleTimeoutInMinutes: z.int().min(4).max(120).optional(),
});

export const addressShape = body({
  publicIPAllocationMethod: optional("Static", "Dynamic"),
  publicIPAddressVersion: optional("IPv4", "IPv6"),
  idleTimeoutInMinutes: z.int().min(4).max(30).optional(),
  ipAddress: text,
  ipTags: list({ ipTagType: text, tag: text }),
  dnsSettings: anything,
  publicIPPrefix: reference,
});

const configurations = list({
  name: z.string(),
  properties: part({
    subnet: reference,
    publicIPAddress: reference,
    privateIPAddress: text,
    privateIPAllocationMethod: optional("Static", "Dynamic"),
    primary: flag,
  }),
});

export const interfaceShape = body({
  ipConfigurations: configurations,
  networkSecurityGroup: reference,
  enableAcceleratedNetworking: flag,
  enableIPForwarding: flag,
  dnsSettings: anything,
});
export const loadBalancerShape = body({
  frontendIPConfigurations: configurations,
  backendAddressPools: list({}),
  loadBalancingRules: list({}),
  probes: list({}),
});

export const policyShape = body({
  basePolicy: reference,
  threatIntelMode: optional("Alert", "Deny", "Off"),
  sku: part({ tier: optional("Basic", "Standard", "Premium") }),
  dnsSettings: anything,
  snat: anything,
});

const sources = { name: text, description: text, sourceAddresses: strings, sourceIpGroups: strings };
const toAddresses = {
  ...sources,
  destinationAddresses: strings,
  destinationPorts: strings,
  ipProtocols: z.array(word("TCP", "UDP", "ICMP", "Any")).optional(),
};
const rule = z.discriminatedUnion("ruleType", [
  object({
    ruleType: z.literal("ApplicationRule"),
    ...sources,
    destinationAddresses: strings,
    protocols: list({ protocolType: optional("Http", "Https"), port: z.int().min(0).max(64_000).optional() }),
    targetFqdns: strings,
    targetUrls: strings,
    fqdnTags: strings,
    webCategories: strings,
    terminateTLS: flag,
  }),
  object({
    ruleType: z.literal("NetworkRule"),
    ...toAddresses,
    destinationIpGroups: strings,
    destinationFqdns: strings,
  }),
  object({ ruleType: z.literal("NatRule"), ...toAddresses, translatedAddress: text, translatedPort: text }),
]);
const collection = <Type extends string>(type: Type, ...actions: string[]) =>
  object({
    ruleCollectionType: z.literal(type),
    name: text,
    priority,
    rules: z.array(rule).optional(),
    action: part({ type: optional(...actions) }),
  });

export const ruleGroupShape = body({
  priority,
  ruleCollections: z
    .array(
      z.discriminatedUnion("ruleCollectionType", [
        collection("FirewallPolicyFilterRuleCollection", "Allow", "Deny"),
        collection("FirewallPolicyNatRuleCollection", "DNAT"),
      ]),
    )
    .optional(),
});

export const firewallShape = body({
  firewallPolicy: reference,
  virtualHub: reference,
  ipConfigurations: configurations,
  sku: part({ name: text, tier: text }),
});
