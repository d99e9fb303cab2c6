import { z } from "zod";
import type { NetworkSecurityGroup, RouteTable } from "../domain/network/observed.ts";
import type { SubnetUsage } from "../domain/preflight/ground.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import type { VirtualNetwork } from "../domain/preflight/virtualNetwork.ts";
import { nameOf } from "../domain/preflight/mends.ts";
import type { ArmReader } from "./armReader.ts";
import { observeAll } from "./observeAll.ts";
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
    }),
  })
  .transform(({ name, properties }) => ({
    name: name ?? "",
    remoteId: properties.remoteVirtualNetwork,
    state: properties.peeringState ?? "",
    // The peer's own newest space, and what was agreed upon: until they are synchronised, both may count.
    prefixes: [...new Set([...properties.remoteAddressSpace, ...properties.remoteVirtualNetworkAddressSpace])],
    usesRemoteGateway: properties.useRemoteGateways ?? false,
  }));

const virtualNetwork = z
  .object({
    id: z.string(),
    location: z.string(),
    properties: z.object({ addressSpace: space, subnets: list(subnet), virtualNetworkPeerings: list(peering) }),
  })
  .transform(({ id, location, properties }): VirtualNetwork => ({
    id,
    location,
    addressPrefixes: properties.addressSpace,
    subnets: properties.subnets,
    peerings: properties.virtualNetworkPeerings,
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

export function observeSecurityGroups(
  reader: ArmReader,
  ids: readonly string[],
): Promise<Observed<NetworkSecurityGroup>[]> {
  return observeAll(reader, ids, VERSION, securityGroup);
}

export function observeRouteTables(reader: ArmReader, ids: readonly string[]): Promise<Observed<RouteTable>[]> {
  return observeAll(reader, ids, VERSION, routeTable);
}
