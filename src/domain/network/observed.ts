/** Networks as GETs of Azure answer: everything may be missing. */

export interface SecurityRule {
  name?: string;
  id?: string;
  priority?: number;
  direction?: string;
  access?: string;
  protocol?: string;
  sourcePortRange?: string;
  sourcePortRanges?: readonly string[];
  destinationPortRange?: string;
  destinationPortRanges?: readonly string[];
  sourceAddressPrefix?: string;
  sourceAddressPrefixes?: readonly string[];
  destinationAddressPrefix?: string;
  destinationAddressPrefixes?: readonly string[];
  sourceApplicationSecurityGroups?: readonly { id?: string }[];
  destinationApplicationSecurityGroups?: readonly { id?: string }[];
}

export interface NetworkSecurityGroup {
  id?: string;
  securityRules?: readonly SecurityRule[];
  defaultSecurityRules?: readonly SecurityRule[];
}

/** The address space that the service tag VirtualNetwork stands for at a virtual network. */
export interface VirtualNetworkSpace {
  /** Of the network itself and of its peers, as prefixes. */
  prefixes: readonly string[];
  /** What Azure may count as of it as well: prefixes of the subnet's own routes, which Microsoft says the tag can hold. */
  possible?: readonly string[];
  /** Whether more may belong to it: a peer that cannot be read, networks behind a gateway. */
  isComplete: boolean;
}

export interface Route {
  name?: string;
  addressPrefix?: string;
  nextHopType?: string;
  nextHopIpAddress?: string;
}

export interface RouteTable {
  routes: readonly Route[];
  /** Whether the subnet ignores what a gateway or route server learns. */
  disableBgpRoutePropagation: boolean;
}
