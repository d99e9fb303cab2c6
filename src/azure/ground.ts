import { accountOfContainer } from "../domain/blobUrl.ts";
import { StepDelayed } from "../domain/failure.ts";
import { allows, type Permission, type StandingAssignment } from "../domain/preflight/access.ts";
import {
  buildSubnets,
  type Ground,
  type NetworkGround,
  type ObservedDefinition,
  type SeenFirewall,
} from "../domain/preflight/ground.ts";
import { nameOf } from "../domain/preflight/mends.ts";
import { mapObserved, type Observed, valueOf } from "../domain/preflight/observed.ts";
import { serviceNeeds } from "../domain/preflight/serviceNeeds.ts";
import { findSubnet, isConnected, type Peering, type VirtualNetwork } from "../domain/preflight/virtualNetwork.ts";
import { waysOf } from "../domain/preflight/ways.ts";
import { definitionIdOf, isSharedImage, type SharedImageDestination } from "../domain/destination.ts";
import type { WholePlan } from "../domain/plan.ts";
import { matchRange, parseRange } from "../domain/network/addresses.ts";
import { wayToInternet } from "../domain/network/routes.ts";
import { resourceGroupOf, sameId, subscriptionOf } from "../domain/resourceId.ts";
import {
  observeAssignments,
  observeBuiltInRoles,
  observeCustomRoles,
  observeFederatedCredentials,
  observeIdentity,
  observePermissions,
  observeRoleDefinition,
  shownPermissions,
} from "./observedAccess.ts";
import { observeImageDefinition, observeVersions } from "./observedImages.ts";
import { observeDisk, observeSource, observeTerms } from "./observedSource.ts";
import {
  observeComputeUsages,
  observeContainerUsages,
  observePolicyAssignments,
  observeProviders,
} from "./observedSubscription.ts";
import { observeContainer, observeScriptAccount } from "./observedScripts.ts";
import { observeFirewallAt, observeFirewallPolicy } from "./observedFirewalls.ts";
import { isWithin, reaches } from "../domain/roleAssignment.ts";
import { subnetsOf, virtualNetworkOf } from "../domain/topology.ts";
import type { ArmReader } from "./armReader.ts";
import { observeBesideSubnets, observeSubnetUsages, observeVirtualNetwork } from "./observedNetworks.ts";

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

/**
 * Reads all that the preflight's rules ask for, as much as can be at once; changes nothing. Firewalls come last: they
 * take as many reads as their policies have levels, and a preflight takes no more than so many.
 *
 * @throws StepDelayed.
 */
export async function observeGround(reader: ArmReader, plan: WholePlan, known: Known): Promise<Ground> {
  const [network, scripts, access, images, subscription] = await Promise.all([
    observeNetworkOf(reader, plan),
    observeScripts(reader, plan),
    observeAccess(reader, plan, known),
    observeImages(reader, plan, known),
    observeSubscription(reader, plan, known),
  ]);
  const { providers } = subscription;
  // Anybody may read those: where they do not come, ARM is down, and nothing is known.
  if (providers.kind === "unreadable" && providers.isPassing) {
    throw new StepDelayed(`${providers.code}: ${providers.message}`, 0);
  }
  const whole = isShownWhole(access, known.subscriptionId) ? `/subscriptions/${known.subscriptionId}` : undefined;
  const firewalls = await observeFirewallsOf(reader, { plan, ...network }, whole);
  const ledger = await known.ledger();
  const { acceptedGrants, servicePrincipalId } = known;
  return {
    plan,
    ...network,
    ...scripts,
    firewalls,
    ...access,
    ...images,
    ...subscription,
    ledger,
    acceptedGrants,
    servicePrincipalId,
  };
}

type Access = Awaited<ReturnType<typeof observeAccess>>;

async function observeAccess(
  reader: ArmReader,
  plan: WholePlan,
  { subscriptionId, builderId, servicePrincipalId }: Known,
) {
  const { grants } = plan;
  const granted = grants.map(({ scope }) => subscriptionOf(scope));
  const subscriptions = different([`/subscriptions/${subscriptionId}`, ...granted]);
  const assignmentsOf = (principalId: string) =>
    Promise.all(subscriptions.map((id) => observeAssignments(reader, nameOf(id), principalId)));
  const [builder, federatedCredentials, ofBuilder, ofService, customRoles] = await Promise.all([
    observeIdentity(reader, builderId),
    observeFederatedCredentials(reader, builderId),
    assignmentsOf(plan.builderPrincipalId),
    assignmentsOf(servicePrincipalId),
    observeCustomRoles(reader, subscriptionId),
  ]);
  const heldAt = (scope: string) => valueOf(ofService[subscriptions.findIndex((id) => isWithin(scope, id))]);
  const leased = different(grants.map((one) => one.roleDefinitionId));
  const needs = serviceNeeds(plan);
  const needed = different(needs.map(({ scope }) => scope)).map((scope) => ({
    scope,
    actions: needs.filter((one) => sameId(one.scope, scope)).flatMap(({ actions }) => actions),
    dataActions: needs.filter((one) => sameId(one.scope, scope)).flatMap(({ dataActions = [] }) => dataActions),
  }));
  const custom = valueOf(customRoles) ?? [];
  // Where custom roles show little, Azure's own are read at once, rather than what is open one by one.
  const open =
    needed.filter((one) => !shownPermissions(one, heldAt(one.scope), custom)).length +
    leased.filter((id) => custom.every((one) => !sameId(nameOf(one.id), nameOf(id)))).length;
  const builtIn =
    ofService[0]?.kind === "found" && customRoles.kind === "found" && open > 2
      ? valueOf(await observeBuiltInRoles(reader, subscriptionId))
      : undefined;
  const known = [...custom, ...(builtIn ?? [])];
  const [servicePermissions, roleDefinitions] = await Promise.all([
    Promise.all(
      needed.map(async (one): Promise<Observed<readonly Permission[]>> => {
        const value = shownPermissions(one, heldAt(one.scope), known);
        return value ? { resource: one.scope, kind: "found", value } : observePermissions(reader, one.scope);
      }),
    ),
    Promise.all(leased.map((id) => observeRoleDefinition(reader, id, known))),
  ]);
  return {
    builder,
    federatedCredentials,
    builderAssignments: together(ofBuilder),
    serviceAssignments: together(ofService),
    assignmentsElsewhere: { builder: ofBuilder.slice(1), service: ofService.slice(1) },
    customRoles,
    servicePermissions,
    roleDefinitions,
  };
}

/** What is listed for several subscriptions, the first of which has to be shown: what is above both is in both lists. */
function together([own, ...elsewhere]: readonly Observed<readonly StandingAssignment[]>[]) {
  const more = elsewhere.flatMap((one) => valueOf(one) ?? []);
  return mapObserved(own ?? notAsked, (listed) => [
    ...listed,
    ...more.filter(({ id }) => listed.every((one) => !sameId(one.id, id))),
  ]);
}

async function observeImages(
  reader: ArmReader,
  { template, location, importedImage }: WholePlan,
  { subscriptionId }: Known,
) {
  const [sourceImage, definitions] = await Promise.all([
    importedImage
      ? observeDisk(reader, importedImage)
      : observeSource(reader, subscriptionId, location, template.source),
    Promise.all(template.distribute.filter(isSharedImage).map((target) => observeDefinition(reader, target))),
  ]);
  const plan = valueOf(sourceImage)?.plan;
  const termsAccepted = plan ? await observeTerms(reader, subscriptionId, plan) : notAsked;
  return { sourceImage, termsAccepted, definitions };
}

async function observeScripts(
  reader: ArmReader,
  { grants, scriptContainer: container }: WholePlan,
): Promise<Pick<Ground, "scriptContainer" | "scriptAccounts">> {
  const read = grants.filter(({ role }) => role === "script reading").map(({ scope }) => accountOfContainer(scope));
  const [scriptContainer, scriptAccounts] = await Promise.all([
    container === undefined ? notAsked : observeContainer(reader, container),
    Promise.all(different(read).map((id) => observeScriptAccount(reader, id))),
  ]);
  return { scriptContainer, scriptAccounts };
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
  if (!id)
    return { virtualNetwork: notAsked, subnetUsages: notAsked, securityGroups: [], routeTables: [], natGateways: [] };
  const [virtualNetwork, subnetUsages] = await Promise.all([
    observeVirtualNetwork(reader, id),
    observeSubnetUsages(reader, id),
  ]);
  const subnets = subnetsOf(topology).flatMap((one) => findSubnet(valueOf(virtualNetwork), one) ?? []);
  return {
    virtualNetwork,
    // Where there is no network, there is nothing to be told of its usages.
    subnetUsages: virtualNetwork.kind === "found" ? subnetUsages : notAsked,
    ...(await observeBesideSubnets(reader, subnets)),
  };
}

/** Whether the service may list the firewalls of its whole subscription, as far as can be told by its roles. */
function isShownWhole({ serviceAssignments, customRoles }: Access, subscriptionId: string): boolean {
  return (valueOf(serviceAssignments) ?? []).some((held) => {
    if (!reaches(held, `/subscriptions/${subscriptionId}`)) return false;
    const role = valueOf(customRoles)?.find(({ id }) => sameId(nameOf(id), held.roleDefinition));
    // Azure's own that are given on a whole subscription mostly read all of it.
    return !role || allows(role.permissions, "Microsoft.Network/azureFirewalls/read");
  });
}

/**
 * The firewalls that what goes out of the build's subnets is routed to, that of the build VM's first.
 *
 * @param whole id of the subscription that the service may read all firewalls of; undefined where there is none.
 */
async function observeFirewallsOf(
  reader: ArmReader,
  seen: NetworkGround,
  whole: string | undefined,
): Promise<SeenFirewall[]> {
  const network = valueOf(seen.virtualNetwork);
  if (!network) return [];
  const ways = buildSubnets(seen).flatMap((subnet) => waysOf(seen, subnet) ?? []);
  const addresses = different(
    ways.map(wayToInternet).map((way) => (way.kind === "appliance" ? way.address : undefined)),
  );
  const firewalls: SeenFirewall[] = [];
  // One after the other: where there are not enough reads for both, the build VM's is seen whole.
  for (const address of addresses) firewalls.push(await observeFirewallOf(reader, network, address, whole));
  return firewalls;
}

/** It is mostly in the group of its network; else somewhere in the subscription of that network, or of the build VM's. */
async function observeFirewallOf(
  reader: ArmReader,
  network: VirtualNetwork,
  at: string,
  whole: string | undefined,
): Promise<SeenFirewall> {
  const address = parseRange(at);
  const hasAddress = ({ prefixes }: Peering) =>
    prefixes.map(parseRange).some((range) => range && address && matchRange(range, address) === "all");
  const peers = network.peerings.filter(hasAddress);
  const peer = peers.find(isConnected) ?? peers[0];
  const hub = peer?.remoteId ?? network.id;
  const usual = [resourceGroupOf(hub), subscriptionOf(hub), subscriptionOf(network.id)];
  const isWhole = whole !== undefined && sameId(subscriptionOf(hub), whole);
  const firewall = await observeFirewallAt(reader, different(isWhole ? [whole, ...usual] : usual), at, [
    hub,
    network.id,
  ]);
  const policyId = valueOf(firewall)?.policyId;
  return { address: at, firewall, policy: policyId ? await observeFirewallPolicy(reader, policyId, whole) : notAsked };
}

/** Each id once, however it is written. */
function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Map(ids.flatMap((id) => (id ? [[id.toLowerCase(), id] as const] : []))).values()];
}
