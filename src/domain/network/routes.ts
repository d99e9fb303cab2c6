import { type AddressRange, matchRange, parseRange, prefixLength } from "./addresses.ts";
import type { Route } from "./observed.ts";

/** What of a subnet decides by which way its traffic leaves. */
export interface Ways {
  /** Of the subnet's route table. */
  routes: readonly Route[];
  /** Learnt over BGP; undefined where nobody here can tell whether there are any. */
  learnt: readonly Route[] | undefined;
  /** The virtual network's own space, and that of its peers. */
  network: readonly AddressRange[];
  hasNatGateway: boolean;
  /** False: the subnet is private, and nothing leaves it by default. */
  defaultOutboundAccess: boolean;
}

/** How traffic to a destination leaves a subnet, and the route that decides. */
export type Way =
  | { kind: "network" | "internet" | "gateway" | "dead-end"; route?: Route }
  /** An appliance, a firewall mostly; what it lets through is its own matter. */
  | { kind: "appliance"; address: string; route: Route }
  | { kind: "unknown"; route?: Route };

/** The longest prefix that holds the destination decides; of equals the user's own route, then BGP's, then Azure's. */
export function wayTo(destination: AddressRange, ways: Ways): Way {
  const candidates = [
    ...ways.routes.map((route) => ({ route, rank: 0 })),
    ...(ways.learnt ?? []).map((route) => ({ route, rank: 1 })),
    ...systemRoutes(ways).map((route) => ({ route, rank: 2 })),
  ].map((one) => ({ ...one, range: parseRange(one.route.addressPrefix ?? "") }));

  const matching = candidates.flatMap(({ route, rank, range }) => {
    const match = range ? matchRange(range, destination) : "unknown";
    if (match === "none") return [];
    // A route for a part of the destination, or to a service tag, sends that part elsewhere.
    return [{ route, rank, length: range && match === "all" ? prefixLength(range) : Number.POSITIVE_INFINITY }];
  });
  const [first] = matching.toSorted((one, other) => other.length - one.length || one.rank - other.rank);
  if (!first || first.length === Number.POSITIVE_INFINITY)
    return { kind: "unknown", ...(first && { route: first.route }) };
  const mayBeLearnt = ways.learnt === undefined && first.rank === 2 && first.length === 0;
  return mayBeLearnt ? { kind: "unknown", route: first.route } : wayOf(first.route, ways);
}

function wayOf(route: Route, { hasNatGateway, defaultOutboundAccess }: Ways): Way {
  switch ((route.nextHopType ?? "").toLowerCase()) {
    case "vnetlocal":
      return { kind: "network", route };
    case "internet":
      return { kind: hasNatGateway || defaultOutboundAccess ? "internet" : "dead-end", route };
    case "virtualappliance":
      return { kind: "appliance", address: route.nextHopIpAddress ?? "", route };
    case "virtualnetworkgateway":
      return { kind: "gateway", route };
    case "none":
      return { kind: "dead-end", route };
    default:
      return { kind: "unknown", route };
  }
}

function systemRoutes({ network }: Ways): Route[] {
  const local = network
    .filter(({ version }) => version === 4)
    .map((range): Route => ({
      name: "system",
      addressPrefix: `${textOf(range.first)}/${prefixLength(range)}`,
      nextHopType: "VnetLocal",
    }));
  return [...local, { name: "system", addressPrefix: "0.0.0.0/0", nextHopType: "Internet" }];
}

function textOf(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
}
