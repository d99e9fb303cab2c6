import { z } from "zod";

/** What bodies of Microsoft.Network must look like, as far as anything here reads them. */

const reference = z.looseObject({ id: z.string() }).optional();
const references = z.array(z.looseObject({ id: z.string() })).optional();
const strings = z.array(z.string()).optional();
const body = <T extends z.core.$ZodLooseShape>(properties: T) =>
  z.looseObject({ properties: z.looseObject(properties).optional() });

export const networkShape = body({ addressSpace: z.looseObject({ addressPrefixes: strings }).optional() });

export const subnetShape = body({
  addressPrefix: z.string().optional(),
  addressPrefixes: strings,
  networkSecurityGroup: reference,
  routeTable: reference,
  natGateway: reference,
  delegations: z
    .array(z.looseObject({ name: z.string(), properties: z.looseObject({ serviceName: z.string() }) }))
    .optional(),
});

export const peeringShape = body({ remoteVirtualNetwork: reference });

/** Azure takes the words in any case. */
const word = (...words: string[]) =>
  z.string().refine((text) => words.some((one) => one.toLowerCase() === text.toLowerCase()), {
    error: `is none of ${words.join(", ")}`,
  });

export const ruleShape = z.looseObject({
  properties: z.looseObject({
    protocol: word("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
    access: word("Allow", "Deny"),
    direction: word("Inbound", "Outbound"),
    priority: z.int().optional(),
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
