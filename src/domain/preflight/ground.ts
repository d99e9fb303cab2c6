import type { SharedImageDestination } from "../destination.ts";
import type { FirewallPolicy } from "../network/firewall.ts";
import type { NetworkSecurityGroup, RouteTable } from "../network/observed.ts";
import type { WholePlan } from "../plan.ts";
import { subnetsOf } from "../topology.ts";
import type { BuilderIdentity, Permission, RoleDefinition, StandingAssignment } from "./access.ts";
import type { GalleryVersion, ImageDefinition, SourceImage } from "./images.ts";
import type { ScriptAccount } from "./scriptContainers.ts";
import type { PolicyAssignment, Provider, Usage } from "./subscription.ts";
import { type Observed, valueOf } from "./observed.ts";
import { findSubnet, type Subnet, type VirtualNetwork } from "./virtualNetwork.ts";

/** Everything that was observed for one build before anything of it exists. */
export interface Ground {
  plan: WholePlan;
  virtualNetwork: Observed<VirtualNetwork>;
  subnetUsages: Observed<readonly SubnetUsage[]>;
  /** Those that the build's subnets name, in whatever order. */
  securityGroups: readonly Observed<NetworkSecurityGroup>[];
  routeTables: readonly Observed<RouteTable>[];
  /** As the subnets name them. */
  natGateways: readonly Observed<NatGateway>[];
  /** The appliances that what goes out of the subnets is routed to. */
  firewalls: readonly SeenFirewall[];

  builder: Observed<BuilderIdentity>;
  /** Names of the builder's federated identity credentials. */
  federatedCredentials: Observed<readonly string[]>;
  /** Of the template's subscription, and of others that grants are made in as far as they are shown. */
  builderAssignments: Observed<readonly StandingAssignment[]>;
  /** Ids of the role assignments that the service's leases account for. */
  ledger: readonly string[];
  /** Ids of those of somebody else's that the settings put up with today. */
  acceptedGrants: readonly string[];
  /** Object id of whom the service acts as. */
  servicePrincipalId: string;
  /** In the same subscriptions. */
  serviceAssignments: Observed<readonly StandingAssignment[]>;
  /** What was asked of the other subscriptions alone. */
  assignmentsElsewhere: Record<"builder" | "service", readonly Observed<readonly StandingAssignment[]>[]>;
  /** Every custom role that can be assigned somewhere in the subscription. */
  customRoles: Observed<readonly RoleDefinition[]>;
  /** What the service may do on the scope of each grant, in the templates' group, and with the builder. */
  servicePermissions: readonly Observed<readonly Permission[]>[];
  /** Of the roles that are leased. */
  roleDefinitions: readonly Observed<RoleDefinition>[];

  sourceImage: Observed<SourceImage>;
  /** Whether the subscription has accepted the terms of the source's purchase plan. */
  termsAccepted: Observed<boolean>;
  /** The image definitions that the targets name, in their order; a managed image has none. */
  definitions: readonly ObservedDefinition[];

  /** The one that the service puts scripts into, where this build has some. */
  scriptContainer: Observed<unknown>;
  /** Of the containers that scripts are fetched from by a leased right. */
  scriptAccounts: readonly Observed<ScriptAccount>[];

  providers: Observed<readonly Provider[]>;
  computeUsages: Observed<readonly Usage[]>;
  containerUsages: Observed<readonly Usage[]>;
  policyAssignments: Observed<readonly PolicyAssignment[]>;
}

/** Where a version goes, and what is there. */
export interface ObservedDefinition {
  target: SharedImageDestination;
  definition: Observed<ImageDefinition>;
  /** Those that the definition has. */
  versions: Observed<readonly GalleryVersion[]>;
}

export interface AzureFirewall {
  id: string;
  privateAddresses: readonly string[];
  /** Undefined: it is in a virtual hub. */
  networkId: string | undefined;
  /** Undefined: its rules are its own, in the manner of before policies. */
  policyId: string | undefined;
}

/** What is at a private address that a route leads to. */
export interface SeenFirewall {
  address: string;
  firewall: Observed<AzureFirewall>;
  /** Its policy, with those that it is based on. */
  policy: Observed<FirewallPolicy>;
}

export interface NatGateway {
  /** Those that it is attached to. */
  subnetIds: readonly string[];
  /** Whether it has a public address or prefix: without one nothing leaves by it. */
  hasAddress: boolean;
}

/** What the subnets of a build are known by. */
export type NetworkGround = Pick<Ground, "plan" | "virtualNetwork" | "securityGroups" | "routeTables" | "natGateways">;

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
  natGateway: Observed<NatGateway> | undefined;
}

/** The build's subnets as far as they are there: the build VM's own first. */
export function buildSubnets(ground: NetworkGround): BuildSubnet[] {
  const { plan, virtualNetwork, securityGroups, routeTables, natGateways } = ground;
  return subnetsOf(plan.topology).flatMap((id, index) => {
    const subnet = findSubnet(valueOf(virtualNetwork), id);
    if (!subnet) return [];
    return [
      {
        ...subnet,
        takes: index === 0 ? ("machines" as const) : ("containers" as const),
        securityGroup: observedOf(securityGroups, subnet.securityGroupId),
        routeTable: observedOf(routeTables, subnet.routeTableId),
        natGateway: observedOf(natGateways, subnet.natGatewayId),
      },
    ];
  });
}

/** What was observed of the resource of that id. */
export function observedOf<T>(all: readonly Observed<T>[], id: string | undefined): Observed<T> | undefined {
  return all.find(({ resource }) => resource.toLowerCase() === id?.toLowerCase());
}
