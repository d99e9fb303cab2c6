import { StepDelayed } from "../domain/failure.ts";
import { buildSubnets, type Ground, type NetworkGround, type ObservedDefinition } from "../domain/preflight/ground.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import { serviceNeeds } from "../domain/preflight/serviceNeeds.ts";
import { findSubnet } from "../domain/preflight/virtualNetwork.ts";
import { waysOf } from "../domain/preflight/ways.ts";
import { definitionIdOf, isSharedImage, type SharedImageDestination } from "../domain/destination.ts";
import type { WholePlan } from "../domain/plan.ts";
import { matchRange, parseRange } from "../domain/network/addresses.ts";
import { wayToInternet } from "../domain/network/routes.ts";
import { resourceGroupOf, sameId, subscriptionOf } from "../domain/resourceId.ts";
import {
  observeAssignments,
  observeCustomRoles,
  observeFederatedCredentials,
  observeIdentity,
  observePermissions,
  observeRoleDefinition,
} from "./observedAccess.ts";
import { observeImageDefinition, observeVersions } from "./observedImages.ts";
import { observeSource, observeTerms } from "./observedSource.ts";
import {
  observeComputeUsages,
  observeContainerUsages,
  observePolicyAssignments,
  observeProviders,
} from "./observedSubscription.ts";
import { observeFirewallAt, observeFirewallPolicy } from "./observedFirewalls.ts";
import { subnetsOf, virtualNetworkOf } from "../domain/topology.ts";
import type { ArmReader } from "./armReader.ts";
import {
  observeRouteTables,
  observeSecurityGroups,
  observeSubnetUsages,
  observeVirtualNetwork,
} from "./observedNetworks.ts";

/** What is known beside what Azure shows. */
export interface Known {
  subscriptionId: string;
  builderId: string;
  servicePrincipalId: string;
  /** Ids of the role assignments that its leases account for; read after Azure's, so that none is missing. */
  ledger: () => Promise<readonly string[]>;
  acceptedGrants: readonly string[];
}

const notAsked: Observed<never> = { resource: "", kind: "not asked" };

/** Reads all that the preflight's rules ask for, as much as can be at once; changes nothing. @throws StepDelayed. */
export async function observeGround(reader: ArmReader, plan: WholePlan, known: Known): Promise<Ground> {
  const [network, access, images, subscription] = await Promise.all([
    observeNetworkOf(reader, plan).then(async (seen) => ({
      ...seen,
      ...(await observeFirewallOf(reader, { plan, ...seen })),
    })),
    observeAccess(reader, plan, known),
    observeImages(reader, plan, known),
    observeSubscription(reader, plan, known),
  ]);
  const { providers } = subscription;
  // Anybody may read those: where they do not come, ARM is down, and nothing is known.
  if (providers.kind === "unreadable" && providers.isPassing) {
    throw new StepDelayed(`${providers.code}: ${providers.message}`, 0);
  }
  const ledger = await known.ledger();
  return { plan, ...network, ...access, ...images, ...subscription, ledger, acceptedGrants: known.acceptedGrants };
}

async function observeAccess(
  reader: ArmReader,
  plan: WholePlan,
  { subscriptionId, builderId, servicePrincipalId }: Known,
) {
  const { grants } = plan;
  const [builder, federatedCredentials, builderAssignments, serviceAssignments, customRoles] = await Promise.all([
    observeIdentity(reader, builderId),
    observeFederatedCredentials(reader, builderId),
    observeAssignments(reader, subscriptionId, grants.imageCreation.principalId),
    observeAssignments(reader, subscriptionId, servicePrincipalId),
    observeCustomRoles(reader, subscriptionId),
  ]);
  const all = Object.values(grants);
  const [held, custom] = [valueOf(serviceAssignments) ?? [], valueOf(customRoles) ?? []];
  const needs = serviceNeeds(plan);
  const needed = different(needs.map(({ scope }) => scope)).map((scope) => ({
    scope,
    actions: needs.filter((one) => sameId(one.scope, scope)).flatMap(({ actions }) => actions),
  }));
  const [servicePermissions, roleDefinitions] = await Promise.all([
    Promise.all(needed.map((one) => observePermissions(reader, one, held, custom))),
    Promise.all(
      different(all.map((one) => one.roleDefinitionId)).map((id) => observeRoleDefinition(reader, id, custom)),
    ),
  ]);
  return {
    builder,
    federatedCredentials,
    builderAssignments,
    serviceAssignments,
    customRoles,
    servicePermissions,
    roleDefinitions,
  };
}

async function observeImages(reader: ArmReader, { template, location }: WholePlan, { subscriptionId }: Known) {
  const [sourceImage, definitions] = await Promise.all([
    observeSource(reader, subscriptionId, location, template.source),
    Promise.all(template.distribute.filter(isSharedImage).map((target) => observeDefinition(reader, target))),
  ]);
  const plan = valueOf(sourceImage)?.plan;
  const termsAccepted = plan ? await observeTerms(reader, subscriptionId, plan) : notAsked;
  return { sourceImage, termsAccepted, definitions };
}

async function observeDefinition(reader: ArmReader, target: SharedImageDestination): Promise<ObservedDefinition> {
  const id = definitionIdOf(target.galleryImageId);
  const [definition, versions] = await Promise.all([observeImageDefinition(reader, id), observeVersions(reader, id)]);
  // Where there is no definition, there is nothing to be told of its versions.
  return { target, definition, versions: definition.kind === "found" ? versions : notAsked };
}

async function observeSubscription(reader: ArmReader, { location }: WholePlan, { subscriptionId }: Known) {
  const [providers, computeUsages, containerUsages, policyAssignments] = await Promise.all([
    observeProviders(reader, subscriptionId),
    observeComputeUsages(reader, subscriptionId, location),
    observeContainerUsages(reader, subscriptionId, location),
    observePolicyAssignments(reader, subscriptionId),
  ]);
  return { providers, computeUsages, containerUsages, policyAssignments };
}

async function observeNetworkOf(
  reader: ArmReader,
  { topology }: WholePlan,
): Promise<Omit<NetworkGround, "plan"> & Pick<Ground, "subnetUsages">> {
  const id = virtualNetworkOf(topology);
  if (!id) return { virtualNetwork: notAsked, subnetUsages: notAsked, securityGroups: [], routeTables: [] };
  const [virtualNetwork, subnetUsages] = await Promise.all([
    observeVirtualNetwork(reader, id),
    observeSubnetUsages(reader, id),
  ]);
  const subnets = subnetsOf(topology).map((one) => findSubnet(valueOf(virtualNetwork), one));
  const [securityGroups, routeTables] = await Promise.all([
    observeSecurityGroups(reader, different(subnets.map((one) => one?.securityGroupId))),
    observeRouteTables(reader, different(subnets.map((one) => one?.routeTableId))),
  ]);
  // Where there is no network, there is nothing to be told of its usages.
  return {
    virtualNetwork,
    subnetUsages: virtualNetwork.kind === "found" ? subnetUsages : notAsked,
    securityGroups,
    routeTables,
  };
}

/**
 * The firewall that what goes out of the build's subnets is routed to; of two, that of the build VM's. It is mostly in
 * the group of its network; else somewhere in the subscription of that network, or of the build VM's.
 */
async function observeFirewallOf(
  reader: ArmReader,
  seen: NetworkGround,
): Promise<Pick<Ground, "firewall" | "firewallPolicy">> {
  const network = valueOf(seen.virtualNetwork);
  const [way] = buildSubnets(seen)
    .flatMap((subnet) => waysOf(seen, subnet) ?? [])
    .map(wayToInternet)
    .filter(({ kind }) => kind === "appliance");
  if (!network || way?.kind !== "appliance") return { firewall: notAsked, firewallPolicy: notAsked };
  const address = parseRange(way.address);
  const peer = network.peerings.find(({ prefixes }) =>
    prefixes.map(parseRange).some((range) => range && address && matchRange(range, address) === "all"),
  );
  const hub = peer?.remoteId ?? network.id;
  const places = different([resourceGroupOf(hub), subscriptionOf(hub), subscriptionOf(network.id)]);
  const firewall = await observeFirewallAt(reader, places, way.address);
  const policyId = valueOf(firewall)?.policyId;
  return { firewall, firewallPolicy: policyId ? await observeFirewallPolicy(reader, policyId) : notAsked };
}

/** Each id once, however it is written. */
function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Map(ids.flatMap((id) => (id ? [[id.toLowerCase(), id] as const] : []))).values()];
}
