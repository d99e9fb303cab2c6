import { z } from "zod";

/** What bodies of Microsoft.Network must look like, as far as anything here reads them. */

const reference = z.looseObject({ id: z.string() }).optional();
const references = z.array(z.looseObject({ id: z.string() })).optional();
const strings = z.array(z.string()).optional();
const body = <T extends z.core.$ZodLooseShape>(properties: T) =>
  z.looseObject({ properties: z.looseObject(properties).optional() });

/** Azure takes the words in any case. */
const word = (...words: string[]) =>
  z.string().refine((text) => words.some((one) => one.toLowerCase() === text.toLowerCase()), {
    error: `is none of ${words.join(", ")}`,
  });

export const networkShape = body({ addressSpace: z.looseObject({ addressPrefixes: strings }).optional() });

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
});

export const peeringShape = body({ remoteVirtualNetwork: reference });

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

export const natGatewayShape = body({ publicIpAddresses: references });

const configurations = z
  .array(z.looseObject({ name: z.string(), properties: z.looseObject({ subnet: reference }).optional() }))
  .optional();

export const interfaceShape = body({ ipConfigurations: configurations, networkSecurityGroup: reference });
export const loadBalancerShape = body({ frontendIPConfigurations: configurations });
export const policyShape = body({ basePolicy: reference });
