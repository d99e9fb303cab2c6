import * as z from "zod";
import type { NetworkSecurityGroup, RouteTable } from "../domain/network/observed.ts";
import type { NatGateway, SubnetUsage } from "../domain/preflight/ground.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import type { Subnet, VirtualNetwork } from "../domain/preflight/virtualNetwork.ts";
import { sameId } from "../domain/resourceId.ts";
import { nameOf } from "../domain/preflight/mends.ts";
import type { ArmReader } from "./armReader.ts";
import { list, reference, text, texts } from "./fields.ts";
import { understood } from "./understood.ts";

const VERSION = "2025-05-01";

const subnet = z
  .object({
    id: z.string(),
    properties: z.object({
      addressPrefix: text,
      addressPrefixes: texts,
      privateLinkServiceNetworkPolicies: text,
      delegations: list(z.object({ properties: z.object({ serviceName: text }).nullish() })),
      networkSecurityGroup: reference,
      routeTable: reference,
      natGateway: reference,
      serviceEndpoints: list(z.object({ service: text, locations: texts })),
      serviceEndpointPolicies: list(z.object({ id: z.string() })),
      defaultOutboundAccess: z.boolean().nullish(),
    }),
  })
  .transform(({ id, properties }) => ({
    id,
    name: nameOf(id),
    // Azure answers with the one form or the other.
    addressPrefixes:
      properties.addressPrefixes.length > 0
        ? properties.addressPrefixes
        : [properties.addressPrefix ?? ""].filter(Boolean),
    privateLinkServiceNetworkPolicies: properties.privateLinkServiceNetworkPolicies,
    delegations: properties.delegations.map(({ properties: one }) => one?.serviceName ?? "another service"),
    securityGroupId: properties.networkSecurityGroup,
    routeTableId: properties.routeTable,
    natGatewayId: properties.natGateway,
    serviceEndpoints: properties.serviceEndpoints.map(({ service = "", locations }) => ({ service, locations })),
    endpointPolicyIds: properties.serviceEndpointPolicies.map(({ id }) => id),
    defaultOutboundAccess: properties.defaultOutboundAccess ?? true,
  }));

const space = z
  .object({ addressPrefixes: texts })
  .nullish()
  .transform((value) => value?.addressPrefixes ?? []);

const peering = z
  .object({
    name: text,
    properties: z.object({
      peeringState: text,
      remoteVirtualNetwork: reference,
      remoteAddressSpace: space,
      remoteVirtualNetworkAddressSpace: space,
      useRemoteGateways: z.boolean().nullish(),
      allowVirtualNetworkAccess: z.boolean().nullish(),
    }),
  })
  .transform(({ name, properties }) => ({
    name: name ?? "",
    remoteId: properties.remoteVirtualNetwork,
    state: properties.peeringState ?? "",
    // The peer's own newest space, and what was agreed upon: until they are synchronised, both may count.
    prefixes: [...new Set([...properties.remoteAddressSpace, ...properties.remoteVirtualNetworkAddressSpace])],
    usesRemoteGateway: properties.useRemoteGateways ?? false,
    isOfVirtualNetwork: properties.allowVirtualNetworkAccess ?? true,
  }));

const virtualNetwork = z
  .object({
    id: z.string(),
    location: z.string(),
    properties: z.object({
      addressSpace: space,
      dhcpOptions: z.object({ dnsServers: texts }).nullish(),
      subnets: list(subnet),
      virtualNetworkPeerings: list(peering),
      defaultPublicNatGateway: reference,
    }),
  })
  .transform(({ id, location, properties }): VirtualNetwork => ({
    id,
    location,
    addressPrefixes: properties.addressSpace,
    dnsServers: properties.dhcpOptions?.dnsServers ?? [],
    subnets: properties.subnets,
    peerings: properties.virtualNetworkPeerings,
    natGatewayId: properties.defaultPublicNatGateway,
  }));

const usage = z.object({ id: text, currentValue: z.number().nullish(), limit: z.number().nullish() });

const securityRule = z.object({
  id: text,
  name: text,
  properties: z.object({
    priority: z.number(),
    direction: z.string(),
    access: z.string(),
    protocol: z.string(),
    sourcePortRange: text,
    sourcePortRanges: texts,
    destinationPortRange: text,
    destinationPortRanges: texts,
    sourceAddressPrefix: text,
    sourceAddressPrefixes: texts,
    destinationAddressPrefix: text,
    destinationAddressPrefixes: texts,
    sourceApplicationSecurityGroups: list(z.object({ id: z.string() })),
    destinationApplicationSecurityGroups: list(z.object({ id: z.string() })),
  }),
});

const securityGroup = z
  .object({
    id: z.string(),
    properties: z.object({ securityRules: list(securityRule), defaultSecurityRules: list(securityRule) }),
  })
  .transform(({ id, properties }): NetworkSecurityGroup => ({
    id,
    securityRules: properties.securityRules.map(flat),
    defaultSecurityRules: properties.defaultSecurityRules.map(flat),
  }));

function flat({ id, name, properties }: z.infer<typeof securityRule>) {
  const told = Object.entries({ id, name, ...properties }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told) as NonNullable<NetworkSecurityGroup["securityRules"]>[number];
}

const routeTable = z
  .object({
    properties: z.object({
      routes: list(
        z.object({
          name: text,
          properties: z.object({ addressPrefix: text, nextHopType: text, nextHopIpAddress: text }),
        }),
      ),
      disableBgpRoutePropagation: z.boolean().nullish(),
    }),
  })
  .transform(({ properties }): RouteTable => ({
    routes: properties.routes.map(
      ({ name = "", properties: { addressPrefix = "", nextHopType = "", nextHopIpAddress } }) => ({
        name,
        addressPrefix,
        nextHopType,
        ...(nextHopIpAddress ? { nextHopIpAddress } : {}),
      }),
    ),
    disableBgpRoutePropagation: properties.disableBgpRoutePropagation ?? false,
  }));

const natGateway = z
  .object({
    properties: z.object({
      subnets: list(z.object({ id: z.string() })),
      publicIpAddresses: list(z.unknown()),
      publicIpPrefixes: list(z.unknown()),
    }),
  })
  .transform(({ properties: { subnets, publicIpAddresses, publicIpPrefixes } }): NatGateway => ({
    subnetIds: subnets.map(({ id }) => id),
    hasAddress: publicIpAddresses.length + publicIpPrefixes.length > 0,
  }));

export async function observeVirtualNetwork(reader: ArmReader, id: string): Promise<Observed<VirtualNetwork>> {
  return understood(await reader.get(id, VERSION), virtualNetwork);
}

export async function observeSubnetUsages(
  reader: ArmReader,
  networkId: string,
): Promise<Observed<readonly SubnetUsage[]>> {
  const answer = understood(await reader.list(`${networkId}/usages`, VERSION), z.array(usage));
  if (answer.kind !== "found") return answer;
  return {
    ...answer,
    value: answer.value.flatMap(({ id, currentValue, limit }) =>
      // A gateway's subnet shows -1: Azure does not tell.
      id && typeof limit === "number" && typeof currentValue === "number" && limit >= 0
        ? [{ subnetId: id, free: limit - currentValue }]
        : [],
    ),
  };
}

const whole = z.object({ id: z.string(), properties: z.unknown() }).optional().catch(undefined);
const expandedSubnet = z.object({
  properties: z.object({ networkSecurityGroup: whole, routeTable: whole, natGateway: whole }),
});

/** What a subnet can name. */
const NAMES = ["networkSecurityGroup", "routeTable", "natGateway"] as const;
type Name = (typeof NAMES)[number];

/** What the subnets of a build name, each once. */
export interface BesideSubnets {
  securityGroups: readonly Observed<NetworkSecurityGroup>[];
  routeTables: readonly Observed<RouteTable>[];
  natGateways: readonly Observed<NatGateway>[];
}

/**
 * Groups, route tables and NAT gateways of subnets, wherever they are, in one read a subnet: a GET of it can expand what
 * it names. What does not come in full by that is read by itself.
 */
export async function observeBesideSubnets(reader: ArmReader, subnets: readonly Subnet[]): Promise<BesideSubnets> {
  const seen = new Set<string>();
  const asked = subnets.map((subnet) => {
    const named = namedBy(subnet).filter(({ id }) => !seen.has(id.toLowerCase()));
    for (const { id } of named) seen.add(id.toLowerCase());
    return { subnet, named };
  });
  const all = (await Promise.all(asked.map(({ subnet, named }) => observeNamed(reader, subnet.id, named)))).flat();
  const those = <T>(name: Name, schema: z.ZodType<T>) =>
    all.filter((one) => one.name === name).map(({ observed }) => understood(observed, schema));
  return {
    securityGroups: those("networkSecurityGroup", securityGroup),
    routeTables: those("routeTable", routeTable),
    natGateways: those("natGateway", natGateway),
  };
}

interface Named {
  name: Name;
  id: string;
}

function namedBy({ securityGroupId, routeTableId, natGatewayId }: Subnet): Named[] {
  const ids: Record<Name, string | undefined> = {
    networkSecurityGroup: securityGroupId,
    routeTable: routeTableId,
    natGateway: natGatewayId,
  };
  return NAMES.flatMap((name) => (ids[name] ? [{ name, id: ids[name] }] : []));
}

async function observeNamed(
  reader: ArmReader,
  subnetId: string,
  named: readonly Named[],
): Promise<(Named & { observed: Observed<unknown> })[]> {
  const answer =
    named.length > 1
      ? await reader.get(subnetId, VERSION, { $expand: named.map(({ name }) => name).join(",") })
      : undefined;
  const expanded = answer && valueOf(understood(answer, expandedSubnet))?.properties;
  return Promise.all(
    named.map(async ({ name, id }) => {
      const value = expanded?.[name];
      const isWhole = value?.properties !== undefined && sameId(value.id, id);
      return {
        name,
        id,
        observed: isWhole ? { resource: id, kind: "found" as const, value } : await reader.get(id, VERSION),
      };
    }),
  );
}
