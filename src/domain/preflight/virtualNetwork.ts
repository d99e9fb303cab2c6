import { sameId } from "../resourceId.ts";
import type { Route, VirtualNetworkSpace } from "../network/observed.ts";
import type { ServiceEndpoint } from "../network/serviceEndpoints.ts";

/** A virtual network as a GET of it answers, without what no rule asks for. */
export interface VirtualNetwork {
  id: string;
  location: string;
  addressPrefixes: readonly string[];
  /** Addresses of the DNS servers that its machines ask; none: Azure's own. */
  dnsServers: readonly string[];
  subnets: readonly Subnet[];
  peerings: readonly Peering[];
  /** Of the NAT gateway that is for all of its subnets which have none of their own. */
  natGatewayId: string | undefined;
}

export interface Subnet {
  id: string;
  name: string;
  addressPrefixes: readonly string[];
  /** Undefined: not told, which means Enabled. */
  privateLinkServiceNetworkPolicies: string | undefined;
  /** Names of services. */
  delegations: readonly string[];
  securityGroupId: string | undefined;
  routeTableId: string | undefined;
  natGatewayId: string | undefined;
  serviceEndpoints: readonly ServiceEndpoint[];
  /** Of policies that let machines reach certain storage accounts only, where there is an endpoint for storage. */
  endpointPolicyIds: readonly string[];
  /** False: the subnet is private. Networks made before private subnets do not tell, and are not. */
  defaultOutboundAccess: boolean;
}

export interface Peering {
  name: string;
  /** Of the virtual network on the other side. */
  remoteId: string | undefined;
  /** Connected, Initiated, Disconnected: the latter where the peer is gone. */
  state: string;
  prefixes: readonly string[];
  /** Whether what lies behind the peer's gateway can be reached, too. */
  usesRemoteGateway: boolean;
  /** False: the peer's space is not counted as of VirtualNetwork, though routes lead there. */
  isOfVirtualNetwork: boolean;
}

export function findSubnet(network: VirtualNetwork | undefined, id: string): Subnet | undefined {
  return network?.subnets.find((subnet) => sameId(subnet.id, id));
}

/** Whether routes may be learnt, and networks belong to it, that are not told here: by a gateway or a route server. */
export function hasGateway({ subnets, peerings }: VirtualNetwork): boolean {
  return (
    subnets.some(({ name }) => ["gatewaysubnet", "routeserversubnet"].includes(name.toLowerCase())) ||
    peerings.some((peering) => isConnected(peering) && peering.usesRemoteGateway)
  );
}

export function isConnected({ state }: Peering): boolean {
  return state.toLowerCase() === "connected";
}

/** Prefixes that Azure's own routes lead to: the network's and its peers'. */
export function routedPrefixes({ addressPrefixes, peerings }: VirtualNetwork): string[] {
  return [...addressPrefixes, ...peerings.filter(isConnected).flatMap(({ prefixes }) => prefixes)];
}

/**
 * What the service tag VirtualNetwork stands for in it.
 *
 * @param routes the subnet's own: Microsoft says that the tag can hold their prefixes, too.
 */
export function spaceOfNetwork(network: VirtualNetwork, routes: readonly Route[] = []): VirtualNetworkSpace {
  const peers = network.peerings.filter((peering) => isConnected(peering) && peering.isOfVirtualNetwork);
  return {
    prefixes: [...network.addressPrefixes, ...peers.flatMap(({ prefixes }) => prefixes)],
    possible: routes.flatMap(({ addressPrefix }) => addressPrefix ?? []),
    isComplete: !hasGateway(network) && peers.every(({ prefixes }) => prefixes.length > 0),
  };
}
