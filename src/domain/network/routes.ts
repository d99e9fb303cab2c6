import { addressLength, type AddressRange, holdsPublic, matchRange, parseRange, prefixLength } from "./addresses.ts";
import { endpointOf, sideOf, spaceOf } from "./endpoint.ts";
import type { Match } from "./match.ts";
import type { Route } from "./observed.ts";
import { endpointsHold, type ServiceEndpoint } from "./serviceEndpoints.ts";
import { isPublicTag, tagNamed } from "./serviceTags.ts";

/** What of a subnet decides by which way its traffic leaves. */
export interface Ways {
  /** Of the subnet's route table. */
  routes: readonly Route[];
  /** Learnt over BGP; undefined where nobody here can tell whether there are any. */
  learnt: readonly Route[] | undefined;
  /** The virtual network's own space, and that of its peers. */
  network: readonly AddressRange[];
  serviceEndpoints: readonly ServiceEndpoint[];
  /** Undefined where nobody here can tell. */
  hasNatGateway: boolean | undefined;
  /** Whether the network has a virtual network gateway, or uses a peer's: without one Azure drops what is led there. */
  hasGateway: boolean;
  /** False: the subnet is private, and nothing leaves it by default. */
  defaultOutboundAccess: boolean;
}

/** How traffic to a destination leaves a subnet, and the route that decides. */
export type Way =
  /** `service`: straight to a service of Azure's, by an endpoint of the subnet's. */
  | { kind: "network" | "internet" | "service" | "gateway" | "dead-end"; route?: Route }
  /** An appliance, a firewall mostly; what it lets through is its own matter. */
  | { kind: "appliance"; address: string; route: Route }
  | { kind: "unknown"; route?: Route };

interface Candidate {
  route: Route;
  /** Undefined: a service tag, or nothing that is understood. */
  range: AddressRange | undefined;
  /** Of two as long: the user's own, then BGP's, then Azure's. */
  rank: 0 | 1 | 2;
}

/** The longest prefix that holds the destination decides; of equals the user's own route, then BGP's, then Azure's. */
export function wayTo(destination: AddressRange, ways: Ways): Way {
  const own = candidates(ways.routes, 0);
  // Within the network Azure's own routes come before learnt ones, however long those are.
  const isLocal = ways.network.some((range) => matchRange(range, destination) === "all");
  const learnt = isLocal ? [] : candidates(ways.learnt ?? [], 1);
  const matching = [...own, ...learnt, ...systemRoutes(ways)].flatMap(({ route, range, rank }) => {
    const match = range ? matchRange(range, destination) : tagMatch(route, destination);
    if (match === "none") return [];
    // A route for a part of the destination, or to a service tag, sends that part elsewhere.
    return [{ route, rank, length: range && match === "all" ? prefixLength(range) : Number.POSITIVE_INFINITY }];
  });
  const inOrder = matching.toSorted((one, other) => other.length - one.length || one.rank - other.rank);
  const first = inOrder.find(({ length }) => length < Number.POSITIVE_INFINITY);
  if (!first) return { kind: "unknown" };
  const whole = wayOf(first.route, ways);
  const part = inOrder.find(
    ({ route, length }) =>
      length === Number.POSITIVE_INFINITY &&
      !(parseRange(route.addressPrefix ?? "") && isSame(wayOf(route, ways), whole)),
  );
  if (part) return { kind: "unknown", route: part.route };
  // What is learnt comes before Azure's own, and by a longer prefix before the user's.
  const isBeyondDoubt = isLocal || (first.rank === 0 && first.length === addressLength(destination));
  const mayBeLearnt = ways.learnt === undefined && !isBeyondDoubt;
  return mayBeLearnt ? { kind: "unknown", route: first.route } : whole;
}

/**
 * The parts of a range of IPv4 that routes may lead by different ways, each as large as they leave it: of each part there
 * is one way, but for what routes to service tags lead.
 */
export function partsOf({ first, last }: AddressRange, routes: readonly Route[]): AddressRange[] {
  const cuts = routes.flatMap(({ addressPrefix = "" }) => {
    const range = parseRange(addressPrefix);
    return range?.version === 4 ? [Number(range.first), Number(range.last) + 1] : [];
  });
  const inside = cuts.filter((cut) => cut > first && cut <= last);
  const firsts = [...new Set([Number(first), ...inside])].toSorted((one, other) => one - other);
  return firsts.map((from, at) => ({ version: 4, first: from, last: (firsts[at + 1] ?? Number(last) + 1) - 1 }));
}

/** Routes of longer prefixes are for somebody's addresses, not for the Internet. */
const LONGEST_OF_INTERNET = 4;
/** Stand for the Internet: a public address of each part that a route for the Internet may be for. */
const SOMEWHERE: readonly AddressRange[] = [4, 20, 40, 52, 65, 80, 104, 120, 130, 150, 165, 185, 195, 210].map(
  (part) => {
    const address = part * 2 ** 24 + 1;
    return { version: 4, first: address, last: address };
  },
);

/**
 * How what goes to the Internet leaves, but for what a route is for of its own: a service tag, or few addresses.
 *
 * @returns each way once: more than one where the Internet is divided between them.
 */
export function waysToInternet(ways: Ways): Way[] {
  const routes = ways.routes.filter((route) => !isDetour(route));
  const places = SOMEWHERE.filter((place) => ways.network.every((range) => matchRange(range, place) === "none"));
  const all = places.map((place): Way => {
    const way = wayTo(place, { ...ways, routes, learnt: ways.learnt ?? [] });
    // A default route that is learnt comes before Azure's own only.
    if (ways.learnt !== undefined || !way.route || routes.includes(way.route)) return way;
    return { kind: "unknown", route: way.route };
  });
  return all.filter((way, index) => all.findIndex((other) => isSame(way, other)) === index);
}

/** The same, unknown where it is not one way. */
export function wayToInternet(ways: Ways): Way {
  const [way = { kind: "unknown" as const }, ...others] = waysToInternet(ways);
  return others.length === 0 ? way : { kind: "unknown", ...(way.route && { route: way.route }) };
}

/** Whether some public addresses, nobody here knows whose, leave by another way than the rest. */
export function hasDetours(ways: Ways): boolean {
  const way = wayToInternet(ways);
  return ways.routes.some((route) => {
    const range = parseRange(route.addressPrefix ?? "");
    const isForPublic = !range || (range.version === 4 && holdsPublic(range));
    return isDetour(route) && isForPublic && !isSame(way, wayOf(route, ways));
  });
}

/** Routes by which few public addresses, nobody here knows whose, are dropped. */
export function droppedDetours(ways: Ways): Route[] {
  return ways.routes.filter((route) => {
    const range = parseRange(route.addressPrefix ?? "");
    return range?.version === 4 && isDetour(route) && holdsPublic(range) && wayOf(route, ways).kind === "dead-end";
  });
}

function isDetour({ addressPrefix = "" }: Route): boolean {
  const range = parseRange(addressPrefix);
  return !range || prefixLength(range) > LONGEST_OF_INTERNET;
}

/**
 * How what goes to a service of Azure's leaves. An endpoint of the subnet's comes before every route of the user's and of
 * BGP (azure-docs, virtual-network-service-endpoints-overview); then routes to service tags and to what may be the
 * service's addresses, as far as all of them say the same; then the way to the Internet.
 *
 * @param tag the service tag of all that is meant, perhaps of one region.
 */
export function wayToService(tag: string, ways: Ways): Way {
  const byEndpoint = endpointsHold(ways.serviceEndpoints, tag);
  if (byEndpoint === "all") return { kind: "service" };
  const special = ways.routes.flatMap((route) => {
    const match = EVERYWHERE.includes(route.addressPrefix ?? "") ? "none" : serviceMatch(route, tag);
    return match === "none" ? [] : [{ route, match }];
  });
  const possible = special.map(({ route }) => wayOf(route, ways));
  if (!special.some(({ match }) => match === "all")) {
    possible.push(wayToInternet(ways));
  }
  const [way = { kind: "unknown" as const }, ...others] = possible;
  if (byEndpoint === "none" && others.every((other) => isSame(way, other))) return way;
  return { kind: "unknown", ...(way.route && { route: way.route }) };
}

const NOWHERE_ELSE = spaceOf({ prefixes: [], isComplete: true });

function serviceMatch({ addressPrefix = "" }: Route, tag: string): Match {
  return sideOf([addressPrefix])(endpointOf(tag), NOWHERE_ELSE);
}

function isSame(one: Way, other: Way): boolean {
  const [address, otherAddress] = [one, other].map((way) => (way.kind === "appliance" ? way.address : undefined));
  return one.kind === other.kind && address === otherAddress;
}

function candidates(routes: readonly Route[], rank: Candidate["rank"]): Candidate[] {
  return routes.map((route) => ({ route, range: parseRange(route.addressPrefix ?? ""), rank }));
}

/** Where a service is, is not known here, but never at a private address. */
function tagMatch({ addressPrefix = "" }: Route, destination: AddressRange): "none" | "unknown" {
  return isPublicTag(tagNamed(addressPrefix)) && !holdsPublic(destination) ? "none" : "unknown";
}

/** How what a route is for leaves. */
export function wayOf(route: Route, { hasNatGateway, hasGateway, defaultOutboundAccess }: Ways): Way {
  switch ((route.nextHopType ?? "").toLowerCase()) {
    case "vnetlocal":
      return { kind: "network", route };
    case "internet":
      if (hasNatGateway || defaultOutboundAccess) return { kind: "internet", route };
      return { kind: hasNatGateway === undefined ? "unknown" : "dead-end", route };
    case "virtualappliance":
      return { kind: "appliance", address: route.nextHopIpAddress ?? "", route };
    case "virtualnetworkgateway":
      return { kind: hasGateway ? "gateway" : "dead-end", route };
    case "none":
      return { kind: "dead-end", route };
    default:
      return { kind: "unknown", route };
  }
}

const EVERYWHERE = ["0.0.0.0/0", "::/0"];
/** Azure drops what goes to private addresses that are nobody's, as long as no default route of another's is there. */
const NOWHERE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

function systemRoutes({ network, routes, learnt }: Ways): Candidate[] {
  const hasDefault = [...routes, ...(learnt ?? [])].some(({ addressPrefix }) =>
    EVERYWHERE.includes(addressPrefix ?? ""),
  );
  return [
    ...network.map((range): Candidate => ({ route: system("", "VnetLocal"), range, rank: 2 })),
    ...candidates(
      EVERYWHERE.map((prefix) => system(prefix, "Internet")),
      2,
    ),
    ...(hasDefault
      ? []
      : candidates(
          NOWHERE.map((prefix) => system(prefix, "None")),
          2,
        )),
  ];
}

function system(addressPrefix: string, nextHopType: string): Route {
  return { name: "system", addressPrefix, nextHopType };
}
