import type { Ground } from "../domain/preflight/ground.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { valueOf } from "../domain/preflight/observed.ts";
import { findSubnet } from "../domain/preflight/virtualNetwork.ts";
import type { Plan } from "../domain/plan.ts";
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
  return { plan, ...network };
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

/** Each id once, however it is written. */
function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Map(ids.flatMap((id) => (id ? [[id.toLowerCase(), id] as const] : []))).values()];
}
