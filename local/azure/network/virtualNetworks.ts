import { addedIn } from "../arm/knownFields.ts";
import { outermost } from "../arm/parents.ts";
import { presentResource } from "../arm/present.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { type AddressRange, contains, overlap, rangesOf } from "./addresses.ts";
import { child, resource } from "./type.ts";
import { networkErrors } from "./errors.ts";
import { networkJoins, requireReferences, siblingsOf, subnetJoins } from "./references.ts";
import { PEERING_TYPE } from "./peerings.ts";
import { networkShape, subnetShape } from "./shapes.ts";
import { configurationsIn, containerGroupsIn, prefixesOf } from "./subnetSpace.ts";
import { delegationsShown, serviceLinks } from "./delegations.ts";

export const SUBNET_TYPE = "Microsoft.Network/virtualNetworks/subnets";

export const virtualNetworks = resource("virtualNetworks", {
  since: { "properties.enableDdosProtection": "2017-09-01", "properties.virtualNetworkPeerings": "2016-09-01" },
  shape: networkShape,
  expands: ["subnets", "subnets/ipConfigurations"],
  setByAzure: ["defaultPublicNatGateway", "flowLogs"],
  joins: networkJoins,
  resourceGuid: true,
  inline: { subnets: SUBNET_TYPE, virtualNetworkPeerings: PEERING_TYPE },
  defaults: { enableDdosProtection: false },
  check(azure, network, children) {
    requireSpace(
      azure,
      network,
      children.filter(({ type }) => type === SUBNET_TYPE),
    );
  },
  requireUnused(azure, network) {
    for (const subnet of resourcesOfType(azure, SUBNET_TYPE, network.id)) requireEmpty(azure, subnet);
  },
});

export const subnets = child("virtualNetworks/subnets", {
  since: addedIn({
    "2017-06-01": "properties.serviceEndpoints",
    "2018-08-01": "properties.delegations",
    "2019-02-01": "properties.natGateway",
    "2019-04-01": "properties.privateEndpointNetworkPolicies properties.privateLinkServiceNetworkPolicies",
    "2020-07-01": "type",
    "2020-08-01": "properties.delegations.type",
    "2023-05-01": "properties.defaultOutboundAccess",
  }),
  shape: subnetShape,
  expands: ["networkSecurityGroup", "routeTable", "natGateway", "ipConfigurations"],
  joins: subnetJoins,
  setByAzure: (
    "ipConfigurations ipConfigurationProfiles privateEndpoints serviceAssociationLinks resourceNavigationLinks " +
    "purpose"
  ).split(" "),
  complete(azure, subnet, before, apiVersion) {
    subnet.body.properties = {
      delegations: [],
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
      ...outboundUnlessTold(azure, subnet, before, apiVersion),
      ...(subnet.body.properties as Json),
    };
  },
  check(azure, subnet) {
    requireSpace(azure, outermost(azure, subnet), [...siblingsOf(azure, subnet), subnet]);
  },
  requireUnused: requireEmpty,
  present(azure, subnet, query) {
    const { ipConfigurationIds, subnetPrefix } = azure.settings;
    const configurations = configurationsIn(azure, subnet).map(({ id }) => ({
      id: ipConfigurationIds === "upper-case" ? id?.toUpperCase() : id,
    }));
    return {
      ...(subnetPrefix === "addressPrefixes" ? { addressPrefix: undefined, addressPrefixes: prefixesOf(subnet) } : {}),
      ...(configurations.length > 0 ? { ipConfigurations: configurations } : {}),
      ...serviceLinks(azure, subnet),
      ...delegationsShown(azure, subnet),
      ...expanded(azure, subnet, query),
    };
  },
});

/** What a subnet names comes as its id only, unless it is asked for in full. */
function expanded(azure: Azure, { body }: StoredResource, query: URLSearchParams): Json {
  const asked = (query.get("$expand") ?? "").toLowerCase().split(",");
  const named = ["networkSecurityGroup", "routeTable", "natGateway"].filter((name) =>
    asked.includes(name.toLowerCase()),
  );
  const found = named.flatMap((name) => {
    const { id } = ((body.properties as Json)[name] ?? {}) as { id?: string };
    const resource = id === undefined ? undefined : findResource(azure, id);
    return resource ? [[name, presentResource(azure, resource)] as const] : [];
  });
  return Object.fromEntries(found);
}

/** Each subnet lies in the network's address space, beside the others, and what it names is in the network's region. */
function requireSpace(azure: Azure, network: StoredResource, subnets: StoredResource[]): void {
  const { addressSpace } = network.body.properties as { addressSpace?: { addressPrefixes?: string[] } };
  const space = rangesOf(network.id, addressSpace?.addressPrefixes ?? []);
  if (space.some((one, at) => space.slice(at + 1).some((other) => overlap(one, other)))) {
    throw networkErrors.NetcfgInvalidVirtualNetworkSite(network.name);
  }
  const taken: Taken[] = [];
  for (const [order, subnet] of subnets.entries()) {
    const prefixes = prefixesOf(subnet);
    if (prefixes.length === 0) throw networkErrors.InvalidAddressPrefixFormat("", subnet.id);
    for (const range of rangesOf(subnet.id, prefixes)) {
      if (!space.some((one) => contains(one, range)))
        throw networkErrors.NetcfgSubnetRangeOutsideVnet(subnet.name, network.name);
      if (!isSizeOfSubnet(range)) throw networkErrors.NetcfgInvalidSubnet(subnet.name, network.name);
      taken.push({ range, name: subnet.name, order });
    }
    requireReferences(azure, subnet, ["networkSecurityGroup", "routeTable", "natGateway"], network.body.location);
  }
  requireApart(taken, network.name);
}

/** By the questions and answers on virtual networks: /29 is the smallest of IPv4, and /64 the only one of IPv6. */
const isSizeOfSubnet = ({ version, first, last }: AddressRange) =>
  version === 4 ? last - first >= 7n : last - first === (1n << 64n) - 1n;

/** Whether a subnet has a way out by default: as before, or as is usual of those in new networks. */
function outboundUnlessTold(
  azure: Azure,
  subnet: StoredResource,
  before: StoredResource | undefined,
  apiVersion = "",
): { defaultOutboundAccess?: unknown } {
  const { defaultOutboundAccess: was } = (before?.body.properties ?? {}) as Json;
  if (before) return was === undefined ? {} : { defaultOutboundAccess: was };
  const { privateSubnets } = azure.settings;
  if (!privateSubnets || apiVersion < privateSubnets.versionsFrom) return {};
  // A network that is being made with it has no time of its own yet.
  const { createdAt = azure.now } = outermost(azure, subnet);
  return createdAt < Date.parse(privateSubnets.networksFrom) ? {} : { defaultOutboundAccess: false };
}

interface Taken {
  range: AddressRange;
  /** Of the subnet. */
  name: string;
  order: number;
}

/** In the order of their addresses, ranges that overlap are neighbours: a network may have thousands. */
function requireApart(taken: Taken[], network: string): void {
  const byAddress = taken.toSorted(
    ({ range: one }, { range: other }) => one.version - other.version || Number(one.first - other.first),
  );
  let reaching = byAddress[0];
  for (const next of byAddress.slice(1)) {
    if (reaching && overlap(reaching.range, next.range)) {
      throw networkErrors.NetcfgSubnetRangesOverlap((reaching.order > next.order ? reaching : next).name, network);
    }
    if (!reaching || next.range.version !== reaching.range.version || next.range.last > reaching.range.last) {
      reaching = next;
    }
  }
}

function requireEmpty(azure: Azure, subnet: StoredResource): void {
  const users = [
    ...configurationsIn(azure, subnet).map(({ id }) => id ?? ""),
    ...containerGroupsIn(azure, subnet).map(() => `${subnet.id}/serviceAssociationLinks/acisal`),
  ];
  if (users.length > 0) throw networkErrors.InUseSubnetCannotBeDeleted(subnet.name, users);
}
