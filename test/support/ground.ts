import type { NetworkSecurityGroup, RouteTable } from "../../src/domain/network/observed.ts";
import type { FirewallPolicy } from "../../src/domain/network/firewall.ts";
import { isSharedImage } from "../../src/domain/destination.ts";
import type { Ground, ObservedDefinition, SeenFirewall } from "../../src/domain/preflight/ground.ts";
import type { RoleDefinition } from "../../src/domain/preflight/access.ts";
import { serviceNeeds } from "../../src/domain/preflight/serviceNeeds.ts";
import type { Provider } from "../../src/domain/preflight/subscription.ts";
import type { Observed } from "../../src/domain/preflight/observed.ts";
import type { Subnet, VirtualNetwork } from "../../src/domain/preflight/virtualNetwork.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { parentOf } from "../../src/domain/resourceId.ts";
import { subnetsOf } from "../../src/domain/topology.ts";
import { planBuild } from "../../src/domain/plan.ts";
import { grantOf, planContext, request, sampleRecipe } from "./plan.ts";

export const subnetId = subnetsOf(planBuild(request, sampleRecipe(), planContext).topology)[0] ?? "";
export const networkId = parentOf(subnetId);
export const containerSubnetId = `${networkId}/subnets/snet-containers`;
const beside = (type: string, name: string) => `${parentOf(networkId)}/${type}/${name}`;
export const securityGroupId = beside("networkSecurityGroups", "nsg");
export const routeTableId = beside("routeTables", "rt");

export const found = <T>(resource: string, value: T): Observed<T> => ({ resource, kind: "found", value });
export const absent = (resource: string): Observed<never> => ({ resource, kind: "absent" });
export const refused = (resource: string): Observed<never> => ({
  resource,
  kind: "unreadable",
  code: "AuthorizationFailed",
  message: `The client does not have authorization to perform action 'Microsoft.Network/x/read' over scope '${resource}'.`,
});

export const subnet = (changes: Partial<Subnet> = {}): Subnet => ({
  id: subnetId,
  name: "snet-builds",
  addressPrefixes: ["10.0.0.0/28"],
  privateLinkServiceNetworkPolicies: "Disabled",
  delegations: [],
  securityGroupId: undefined,
  routeTableId: undefined,
  natGatewayId: undefined,
  serviceEndpoints: [],
  endpointPolicyIds: [],
  defaultOutboundAccess: true,
  ...changes,
});

export const containerSubnet = (changes: Partial<Subnet> = {}): Subnet =>
  subnet({
    id: containerSubnetId,
    name: "snet-containers",
    addressPrefixes: ["10.0.0.16/28"],
    delegations: ["Microsoft.ContainerInstance/containerGroups"],
    ...changes,
  });

export const virtualNetwork = (changes: Partial<VirtualNetwork> = {}): VirtualNetwork => ({
  id: networkId,
  location: "westeurope",
  addressPrefixes: ["10.0.0.0/24"],
  dnsServers: [],
  subnets: [subnet(), containerSubnet()],
  peerings: [],
  natGatewayId: undefined,
  ...changes,
});

/** Of a recipe: one of the vault `kv-builds`. */
export const secrets: Recipe["secrets"] = { API_TOKEN: { vault: "kv-builds", name: "api-token" } };

/** A plan of the sample recipe with another machine, subnets and so on, and without a list of host names. */
export function planOf(machine: Machine = {}, changes: Partial<Recipe> = {}): WholePlan {
  const recipe = sampleRecipe();
  const { vnetConfig, ...profile } = recipe.vmProfile;
  const { size: vmSize = profile.vmSize, osDiskSizeGB = profile.osDiskSizeGB, ...network } = machine;
  const joined = Object.entries({ ...vnetConfig, ...network }).filter(([, value]) => value !== undefined);
  const vmProfile = { ...profile, vmSize, osDiskSizeGB, vnetConfig: Object.fromEntries(joined) };
  return planBuild(request, { ...recipe, egress: [], vmProfile, ...changes }, planContext);
}

/** What is undefined is left out. */
interface Machine {
  size?: string;
  osDiskSizeGB?: number;
  subnetId?: string | undefined;
  containerInstanceSubnetId?: string | undefined;
  proxyVmSize?: string | undefined;
}

export const isolatedPlan = (changes: Partial<Recipe> = {}): WholePlan =>
  planOf({ containerInstanceSubnetId: containerSubnetId, proxyVmSize: undefined }, changes);
export const ownNetworkPlan = (changes: Partial<Recipe> = {}): WholePlan =>
  planOf({ subnetId: undefined, proxyVmSize: undefined }, changes);

const sample = planOf();
const { template } = sample;
export const definitionId = template.distribute.filter(isSharedImage)[0]?.galleryImageId ?? "";
export const builderId = Object.keys(template.identity.userAssignedIdentities)[0] ?? "";

export const usage = (name: string, used = 0, limit = 100) => ({ name, used, limit });

export const registered: readonly Provider[] = [
  "VirtualMachineImages",
  "Compute",
  "Network",
  "Storage",
  "KeyVault",
  "ContainerInstance",
].map((name) => ({
  namespace: `Microsoft.${name}`,
  state: "Registered",
  locations: { imagetemplates: ["westeurope"], galleries: ["westeurope", "northeurope", "ukwest"] },
  zonedRegions: ["westeurope", "northeurope"],
}));

const ACTIONS = {
  "image creation": [
    "galleries/read",
    "galleries/images/read",
    "galleries/images/versions/read",
    "galleries/images/versions/write",
  ].map((action) => `Microsoft.Compute/${action}`),
  "source reading": ["galleries/read", "galleries/images/read", "galleries/images/versions/read", "images/read"].map(
    (action) => `Microsoft.Compute/${action}`,
  ),
  "network join": ["Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/subnets/join/action"],
};

/** Of a role that is leased. */
export const role = (
  key: keyof typeof ACTIONS,
  changes: Partial<RoleDefinition> = {},
  plan = sample,
): Observed<RoleDefinition> => {
  const { roleDefinitionId: id, scope } = grantOf(plan, key);
  const permissions = [{ actions: ACTIONS[key], notActions: [], dataActions: [] }];
  return found(id, { id, roleName: key, assignableScopes: [scope], permissions, ...changes });
};

export const scopes = [grantOf(sample, "image creation").scope, networkId];

export const servicePrincipalId = "77777777-2222-4333-8444-555555555555";

const permitted = (actions: readonly string[], dataActions: readonly string[] = []) => [
  { actions, notActions: [], dataActions },
];

function access() {
  return {
    builder: found(builderId, { principalId: grantOf(sample, "image creation").principalId }),
    federatedCredentials: found(builderId, []),
    builderAssignments: found("/assignments", []),
    ledger: [],
    acceptedGrants: [],
    servicePrincipalId,
    serviceAssignments: found("/assignments", []),
    assignmentsElsewhere: { builder: [], service: [] },
    customRoles: found("/roles", []),
    servicePermissions: serviceNeeds(planOf()).map(({ scope, actions, dataActions }) =>
      found(scope, permitted(actions, dataActions)),
    ),
    roleDefinitions: [role("image creation"), role("network join")],
  };
}

/** Of a recipe with one target in a gallery, its definition and versions by themselves. */
export interface GroundChanges extends Partial<Ground> {
  definition?: ObservedDefinition["definition"];
  versions?: ObservedDefinition["versions"];
}

const goodDefinition = found(definitionId, {
  location: "westeurope",
  operatingSystem: "Linux" as const,
  generation: "V2",
  architecture: "x64",
  state: "Generalized",
  securityType: "TrustedLaunchSupported",
});

const notAsked: Observed<never> = { resource: "", kind: "not asked" };

/** The ground of the sample recipe, on which all is well, but for what is changed. */
export function ground({ definition = goodDefinition, versions, ...changes }: GroundChanges = {}): Ground {
  const { plan = planOf() } = changes;
  const there = versions ?? found(definitionId, [{ name: "1.0.0", isExcluded: false }]);
  return {
    plan,
    virtualNetwork: found(networkId, virtualNetwork()),
    subnetUsages: found(networkId, [
      { subnetId, free: 11 },
      { subnetId: containerSubnetId, free: 11 },
    ]),
    securityGroups: [],
    routeTables: [],
    natGateways: [],
    firewalls: [],
    ...access(),
    sourceImage: found("source", {
      version: "24.04.202611100",
      operatingSystem: "Linux",
      generation: "V2",
      architecture: "x64",
      securityType: "TrustedLaunchSupported",
      diskGB: 30,
      plan: undefined,
      regions: undefined,
      state: "Active",
      deprecatedAt: undefined,
    }),
    termsAccepted: notAsked,
    definitions: plan.template.distribute
      .filter(isSharedImage)
      .map((target) => ({ target, definition, versions: there })),
    scriptContainer: notAsked,
    scriptAccounts: [],
    providers: found("/providers", registered),
    computeUsages: found("/usages", [usage("cores"), usage("standardDSv5Family"), usage("standardAv2Family")]),
    containerUsages: found("/usages", [usage("ContainerGroups"), usage("StandardCores")]),
    policyAssignments: found("/policies", []),
    ...changes,
  };
}

/** The same with one subnet changed. */
export const withSubnet = (changes: Partial<Subnet>, more: Partial<Ground> = {}): Ground =>
  ground({
    virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet(changes), containerSubnet()] })),
    ...more,
  });

/** The same with a network security group on the build VM's subnet. */
export const withSecurityGroup = (observed: NetworkSecurityGroup, more: Partial<Ground> = {}): Ground =>
  withSubnet({ securityGroupId }, { securityGroups: [found(securityGroupId, observed)], ...more });

export const natGatewayId = beside("natGateways", "nat");
/** A NAT gateway of those subnets. */
export const attached = (...subnetIds: string[]) => [found(natGatewayId, { subnetIds, hasAddress: true })];

/** What was seen of the firewall at an address. */
export const seenFirewall = (
  address: string,
  policy: Observed<FirewallPolicy> = notAsked,
  firewall: SeenFirewall["firewall"] = found("/fw", {
    id: "/fw",
    privateAddresses: [address],
    networkId,
    policyId: policy.resource || undefined,
  }),
): SeenFirewall => ({ address, firewall, policy });

/** The same with a route table on it. */
export const withRoutes = (routes: RouteTable["routes"], changes: Partial<RouteTable> = {}): Ground =>
  withSubnet(
    { routeTableId },
    { routeTables: [found(routeTableId, { routes, disableBgpRoutePropagation: false, ...changes })] },
  );
