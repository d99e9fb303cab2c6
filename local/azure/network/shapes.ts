import { z } from "zod";

/** What bodies of Microsoft.Network must look like, as far as anything here reads them. */

const reference = z.looseObject({ id: z.string() }).optional();
const references = z.array(z.looseObject({ id: z.string() })).optional();
const strings = z.array(z.string()).optional();
const text = z.string().optional();
const flag = z.boolean().optional();
const part = z.looseObject({}).optional();
const priority = z.int().min(100).max(65_000);
const body = <T extends z.core.$ZodLooseShape>(properties: T) =>
  z.looseObject({ properties: z.looseObject(properties).optional() });

/** Azure takes its words in any case, and gives them back in its own. */
const word = (...words: string[]) =>
  z
    .string()
    .transform((text) => words.find((one) => one.toLowerCase() === text.toLowerCase()))
    .refine((known) => known !== undefined, { error: `is none of ${words.join(", ")}` });

export const networkShape = body({
  addressSpace: z.looseObject({ addressPrefixes: strings }).optional(),
  dhcpOptions: z.looseObject({ dnsServers: strings }).optional(),
  flowTimeoutInMinutes: z.int().optional(),
  enableDdosProtection: flag,
  enableVmProtection: flag,
  ddosProtectionPlan: reference,
});

export const subnetShape = body({
  addressPrefix: z.string().optional(),
  addressPrefixes: strings,
  networkSecurityGroup: reference,
  routeTable: reference,
  natGateway: reference,
  privateLinkServiceNetworkPolicies: word("Enabled", "Disabled").optional(),
  privateEndpointNetworkPolicies: word(
    "Enabled",
    "Disabled",
    "NetworkSecurityGroupEnabled",
    "RouteTableEnabled",
  ).optional(),
  defaultOutboundAccess: z.boolean().optional(),
  delegations: z
    .array(z.looseObject({ name: z.string(), properties: z.looseObject({ serviceName: z.string() }) }))
    .optional(),
  serviceEndpoints: z.array(z.looseObject({ service: text, locations: strings })).optional(),
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

export const ruleShape = z.looseObject({
  properties: z.looseObject({
    protocol: word("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
    access: word("Allow", "Deny"),
    direction: word("Inbound", "Outbound"),
    priority: z.int().optional(),
    description: z.string().optional(),
    sourcePortRange: z.string().optional(),
    sourcePortRanges: strings,
    sourceAddressPrefix: z.string().optional(),
    sourceAddressPrefixes: strings,
    destinationPortRange: z.string().optional(),
    destinationPortRanges: strings,
    destinationAddressPrefix: z.string().optional(),
    destinationAddressPrefixes: strings,
    sourceApplicationSecurityGroups: references,
    destinationApplicationSecurityGroups: references,
  }),
});

export const routeShape = z.looseObject({
  properties: z.looseObject({
    addressPrefix: z.string().optional(),
    nextHopType: word("VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"),
    nextHopIpAddress: z.string().optional(),
  }),
});

export const routeTableShape = body({ disableBgpRoutePropagation: flag });

export const natGatewayShape = body({
  publicIpAddresses: references,
  publicIpPrefixes: references,
  idleTimeoutInMinutes: z.int().min(4).max(120).optional(),
});

export const addressShape = body({
  publicIPAllocationMethod: word("Static", "Dynamic").optional(),
  publicIPAddressVersion: word("IPv4", "IPv6").optional(),
  idleTimeoutInMinutes: z.int().min(4).max(30).optional(),
  ipAddress: text,
  ipTags: z.array(z.looseObject({ ipTagType: text, tag: text })).optional(),
  dnsSettings: part,
  publicIPPrefix: reference,
});

const configurations = z
  .array(
    z.looseObject({
      name: z.string(),
      properties: z
        .looseObject({
          subnet: reference,
          publicIPAddress: reference,
          privateIPAddress: text,
          privateIPAllocationMethod: word("Static", "Dynamic").optional(),
          primary: flag,
        })
        .optional(),
    }),
  )
  .optional();

export const interfaceShape = body({
  ipConfigurations: configurations,
  networkSecurityGroup: reference,
  enableAcceleratedNetworking: flag,
  enableIPForwarding: flag,
  dnsSettings: part,
});
export const loadBalancerShape = body({
  frontendIPConfigurations: configurations,
  backendAddressPools: z.array(z.looseObject({})).optional(),
  loadBalancingRules: z.array(z.looseObject({})).optional(),
  probes: z.array(z.looseObject({})).optional(),
});

export const policyShape = body({
  basePolicy: reference,
  threatIntelMode: word("Alert", "Deny", "Off").optional(),
  sku: z.looseObject({ tier: word("Basic", "Standard", "Premium").optional() }).optional(),
  dnsSettings: part,
  snat: part,
});

const sources = { name: text, description: text, sourceAddresses: strings, sourceIpGroups: strings };
const toAddresses = { ...sources, destinationAddresses: strings, destinationPorts: strings };
const rule = z.discriminatedUnion("ruleType", [
  z.looseObject({
    ruleType: z.literal("ApplicationRule"),
    ...sources,
    destinationAddresses: strings,
    protocols: z
      .array(
        z.looseObject({
          protocolType: word("Http", "Https").optional(),
          port: z.int().min(0).max(64_000).optional(),
        }),
      )
      .optional(),
    targetFqdns: strings,
    targetUrls: strings,
    fqdnTags: strings,
    webCategories: strings,
    terminateTLS: flag,
  }),
  z.looseObject({
    ruleType: z.literal("NetworkRule"),
    ...toAddresses,
    ipProtocols: z.array(word("TCP", "UDP", "ICMP", "Any")).optional(),
    destinationIpGroups: strings,
    destinationFqdns: strings,
  }),
  z.looseObject({
    ruleType: z.literal("NatRule"),
    ...toAddresses,
    ipProtocols: z.array(word("TCP", "UDP", "ICMP", "Any")).optional(),
    translatedAddress: text,
    translatedPort: text,
  }),
]);
const collection = { name: text, priority: priority.optional(), rules: z.array(rule).optional() };
const action = (...types: string[]) => z.looseObject({ type: word(...types).optional() }).optional();

export const ruleGroupShape = body({
  priority: priority.optional(),
  ruleCollections: z
    .array(
      z.discriminatedUnion("ruleCollectionType", [
        z.looseObject({
          ruleCollectionType: z.literal("FirewallPolicyFilterRuleCollection"),
          ...collection,
          action: action("Allow", "Deny"),
        }),
        z.looseObject({
          ruleCollectionType: z.literal("FirewallPolicyNatRuleCollection"),
          ...collection,
          action: action("DNAT"),
        }),
      ]),
    )
    .optional(),
});

export const firewallShape = body({
  firewallPolicy: reference,
  virtualHub: reference,
  ipConfigurations: configurations,
  sku: z.looseObject({ name: text, tier: text }).optional(),
});
