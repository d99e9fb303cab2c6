import { parseRange } from "../network/addresses.ts";
import { tagOfHost } from "../network/hostNames.ts";
import { type Way, type Ways, wayToInternet, wayToService } from "../network/routes.ts";
import { sameId } from "../resourceId.ts";
import type { Wanted } from "./egress.ts";
import type { BuildSubnet, NetworkGround } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { hasGateway, routedPrefixes, type VirtualNetwork } from "./virtualNetwork.ts";

/** @returns undefined where the subnet's routes could not be read. */
export function waysOf({ virtualNetwork }: NetworkGround, subnet: BuildSubnet): Ways | undefined {
  const network = valueOf(virtualNetwork);
  const { routeTable } = subnet;
  if (!network || (routeTable && routeTable.kind !== "found")) return undefined;
  const table = valueOf(routeTable);
  const mayLearn = hasGateway(network) && !table?.disableBgpRoutePropagation;
  return {
    routes: table?.routes ?? [],
    learnt: mayLearn ? undefined : [],
    network: routedPrefixes(network)
      .map(parseRange)
      .filter((range) => range !== undefined),
    serviceEndpoints: subnet.serviceEndpoints,
    hasNatGateway: hasNatGateway(subnet, network),
    hasGateway: hasGateway(network),
    defaultOutboundAccess: subnet.defaultOutboundAccess,
  };
}

/** One that the subnet names counts where it is seen, and says itself that it is attached there and has an address to leave by. */
function hasNatGateway(
  { id, natGatewayId, natGateway }: BuildSubnet,
  { natGatewayId: ofNetwork }: VirtualNetwork,
): boolean | undefined {
  if (!natGatewayId) return ofNetwork !== undefined;
  if (natGateway?.kind === "absent") return false;
  const seen = valueOf(natGateway);
  return seen && seen.hasAddress && seen.subnetIds.some((one) => sameId(one, id));
}

/** The service tag of image builder's own storage account, which is where the template is. */
export const ownStorage = (location: string) => `Storage.${location}`;

/** The service tag of all that is asked of a host name; undefined where none covers it. */
export function tagOfWanted({ name, by }: Wanted, location: string): string | undefined {
  const tag = tagOfHost(name);
  return tag === "Storage" && by === "image builder" ? ownStorage(location) : tag;
}

/** By which way what is asked of a host name leaves: that of the service whose it is, where a service tag covers it. */
export function wayToName(wanted: Wanted, location: string, ways: Ways): Way {
  const tag = tagOfWanted(wanted, location);
  return tag ? wayToService(tag, ways) : wayToInternet(ways);
}
