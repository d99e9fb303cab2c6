import type { FirewallPolicy } from "../network/firewall.ts";
import type { NetworkSecurityGroup, RouteTable } from "../network/observed.ts";
import type { Plan } from "../plan.ts";
import { subnetsOf } from "../topology.ts";
import type { Observed } from "./observed.ts";
import { valueOf } from "./observed.ts";
import { findSubnet, type Subnet, type VirtualNetwork } from "./virtualNetwork.ts";

/** Everything that was observed for one build before anything of it exists. */
export interface Ground {
  plan: Plan;
  virtualNetwork: Observed<VirtualNetwork>;
  subnetUsages: Observed<readonly SubnetUsage[]>;
  /** Those that the build's subnets name, in whatever order. */
  securityGroups: readonly Observed<NetworkSecurityGroup>[];
  routeTables: readonly Observed<RouteTable>[];
  /** The Azure Firewall that what goes out is routed to. */
  firewall: Observed<AzureFirewall>;
  /** Its policy, with those that it is based on. */
  firewallPolicy: Observed<FirewallPolicy>;
}

export interface AzureFirewall {
  id: string;
  privateAddresses: readonly string[];
  /** Undefined: its rules are its own, in the manner of before policies. */
  policyId: string | undefined;
}

export interface SubnetUsage {
  subnetId: string;
  /** Addresses that can still be taken; Azure's own five are not among them. */
  free: number;
}

/** One of the build's subnets, and what it was seen with. */
export interface BuildSubnet extends Subnet {
  /** What of image builder's goes into it. */
  takes: "machines" | "containers";
  securityGroup: Observed<NetworkSecurityGroup> | undefined;
  routeTable: Observed<RouteTable> | undefined;
}

/** The build's subnets as far as they are there: the build VM's own first. */
export function buildSubnets({ plan, virtualNetwork, securityGroups, routeTables }: Ground): BuildSubnet[] {
  return subnetsOf(plan.topology).flatMap((id, index) => {
    const subnet = findSubnet(valueOf(virtualNetwork), id);
    if (!subnet) return [];
    return [
      {
        ...subnet,
        takes: index === 0 ? ("machines" as const) : ("containers" as const),
        securityGroup: observedOf(securityGroups, subnet.securityGroupId),
        routeTable: observedOf(routeTables, subnet.routeTableId),
      },
    ];
  });
}

/** What was observed of the resource of that id. */
export function observedOf<T>(all: readonly Observed<T>[], id: string | undefined): Observed<T> | undefined {
  return all.find(({ resource }) => resource.toLowerCase() === id?.toLowerCase());
}
