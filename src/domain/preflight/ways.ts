import { parseRange } from "../network/addresses.ts";
import { tagOfHost } from "../network/hostNames.ts";
import { type Way, type Ways, wayToInternet, wayToService } from "../network/routes.ts";
import { sameId } from "../resourceId.ts";
import type { Wanted } from "./egress.ts";
import type { BuildSubnet, NetworkGround } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { hasGateway, spaceOfNetwork } from "./virtualNetwork.ts";

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
    network: spaceOfNetwork(network)
      .prefixes.map(parseRange)
      .filter((range) => range !== undefined),
    serviceEndpoints: subnet.serviceEndpoints,
    hasNatGateway: hasNatGateway(subnet),
    defaultOutboundAccess: subnet.defaultOutboundAccess,
  };
}

/** One that the subnet names counts where it is seen, and says itself that it is attached there. */
function hasNatGateway({ id, natGatewayId, natGateway }: BuildSubnet): boolean | undefined {
  if (!natGatewayId || natGateway?.kind === "absent") return false;
  return valueOf(natGateway)?.subnetIds.some((one) => sameId(one, id));
}

/** The service tag of image builder's own storage account, which is where the template is. */
export const ownStorage = (location: string) => `Storage.${location}`;

/** By which way what is asked of a host name leaves: that of the service whose it is, where a service tag covers it. */
export function wayToName({ name, by }: Wanted, location: string, ways: Ways): Way {
  const tag = tagOfHost(name);
  if (!tag) return wayToInternet(ways);
  return wayToService(tag === "Storage" && by === "image builder" ? ownStorage(location) : tag, ways);
}
