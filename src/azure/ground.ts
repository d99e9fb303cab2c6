import { buildSubnets, type Ground } from "../domain/preflight/ground.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { valueOf } from "../domain/preflight/observed.ts";
import { findSubnet } from "../domain/preflight/virtualNetwork.ts";
import { wayOutOf } from "../domain/preflight/wayOut.ts";
import type { Plan } from "../domain/plan.ts";
import { matchRange, parseRange } from "../domain/network/addresses.ts";
import { parseResourceId } from "../domain/resourceId.ts";
import { observeFirewallAt, observeFirewallPolicy } from "./observedFirewalls.ts";
import { subnetsOf, virtualNetworkOf } from "../domain/topology.ts";
import type { ArmReader } from "./armReader.ts";
import {
  observeRouteTable,
  observeSecurityGroup,
  observeSubnetUsages,
  observeVirtualNetwork,
} from "./observedNetworks.ts";

/** Reads all that the preflight's rules ask for, as much as can be at once; changes nothing. @throws StepDelayed. */
export async function observeGround(reader: ArmReader, plan: Plan): Promise<Ground> {
  const network = await observeNetworkOf(reader, plan);
  const firewall = await observeFirewallOf(reader, { plan, ...network });
  return { plan, ...network, ...firewall };
}

type NetworkGround = Pick<Ground, "virtualNetwork" | "subnetUsages" | "securityGroups" | "routeTables">;

async function observeNetworkOf(reader: ArmReader, { topology }: Plan): Promise<NetworkGround> {
  const id = virtualNetworkOf(topology);
  const notAsked: Observed<never> = { resource: "", kind: "not asked" };
  if (!id) return { virtualNetwork: notAsked, subnetUsages: notAsked, securityGroups: [], routeTables: [] };
  const [virtualNetwork, subnetUsages] = await Promise.all([
    observeVirtualNetwork(reader, id),
    observeSubnetUsages(reader, id),
  ]);
  const subnets = subnetsOf(topology).map((one) => findSubnet(valueOf(virtualNetwork), one));
  const [securityGroups, routeTables] = await Promise.all([
    Promise.all(different(subnets.map((one) => one?.securityGroupId)).map((one) => observeSecurityGroup(reader, one))),
    Promise.all(different(subnets.map((one) => one?.routeTableId)).map((one) => observeRouteTable(reader, one))),
  ]);
  // Where there is no network, there is nothing to be told of its usages.
  return {
    virtualNetwork,
    subnetUsages: virtualNetwork.kind === "found" ? subnetUsages : notAsked,
    securityGroups,
    routeTables,
  };
}

/** The firewall that what goes out of the build VM's subnet is routed to; asked for in its network's subscription. */
async function observeFirewallOf(
  reader: ArmReader,
  seen: Pick<Ground, "plan"> & NetworkGround,
): Promise<Pick<Ground, "firewall" | "firewallPolicy">> {
  const notAsked: Observed<never> = { resource: "", kind: "not asked" };
  const none = { firewall: notAsked, firewallPolicy: notAsked };
  const [build] = buildSubnets({ ...seen, ...none });
  const network = valueOf(seen.virtualNetwork);
  const way = build && wayOutOf({ ...seen, ...none }, build);
  if (!network || way?.kind !== "appliance") return none;
  const address = parseRange(way.address);
  const peer = network.peerings.find(({ prefixes }) =>
    prefixes.map(parseRange).some((range) => range && address && matchRange(range, address) === "all"),
  );
  const { subscriptionId = "" } = parseResourceId(peer?.remoteId ?? network.id) ?? {};
  const firewall = await observeFirewallAt(reader, subscriptionId, way.address);
  const policyId = valueOf(firewall)?.policyId;
  return { firewall, firewallPolicy: policyId ? await observeFirewallPolicy(reader, policyId) : notAsked };
}

/** Each id once, however it is written. */
function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Map(ids.flatMap((id) => (id ? [[id.toLowerCase(), id] as const] : []))).values()];
}
