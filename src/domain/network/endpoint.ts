import { type AddressRange, isPublic, matchRange, parseRange } from "./addresses.ts";
import { either, type Match } from "./match.ts";
import type { VirtualNetworkSpace } from "./observed.ts";

/** One side of a flow: addresses, or all that a service tag stands for. */
export type Endpoint = { kind: "addresses"; range: AddressRange } | { kind: "tag"; tag: string };

/** @param text a prefix, or a service tag. */
export function endpointOf(text: string): Endpoint {
  const range = parseRange(text);
  return range ? { kind: "addresses", range } : { kind: "tag", tag: text };
}

/** The virtual network's space, read once for many flows. */
export interface Space {
  ranges: readonly AddressRange[];
  isComplete: boolean;
}

export function spaceOf({ prefixes, isComplete }: VirtualNetworkSpace): Space {
  const ranges = prefixes.map(parseRange);
  return {
    ranges: ranges.filter((range) => range !== undefined),
    isComplete: isComplete && !ranges.includes(undefined),
  };
}

/** Whether a rule's side, one of its prefixes, holds an endpoint. */
export type Side = (endpoint: Endpoint, space: Space) => Match;

/** Azure's host for health probes, and for DNS. */
const LOAD_BALANCER = parseRange("168.63.129.16");

/** @param prefix as a rule has it: `*`, a prefix, or a service tag. */
export function sideOf(prefix: string): Side {
  if (prefix === "*") return () => "all";
  const range = parseRange(prefix);
  if (range) return (endpoint) => rangeHolds(range, endpoint);
  const tag = prefix.toLowerCase();
  return (endpoint, space) => tagHolds(tag, endpoint, space);
}

function rangeHolds(range: AddressRange, endpoint: Endpoint): Match {
  if (endpoint.kind === "addresses") return matchRange(range, endpoint.range);
  const isEverything = range.version === 4 && range.first === 0n && range.last === 2n ** 32n - 1n;
  // Tags stand for IPv6 as well, and machines of image builder have IPv4 only.
  if (isEverything) return "all";
  switch (endpoint.tag.toLowerCase()) {
    case "azureloadbalancer":
      return LOAD_BALANCER ? matchRange(range, LOAD_BALANCER) : "unknown";
    case "internet":
      return isPublic(range) ? "some" : "none";
    default:
      return "unknown";
  }
}

function tagHolds(tag: string, endpoint: Endpoint, space: Space): Match {
  if (endpoint.kind === "tag") return tagHoldsTag(tag, endpoint.tag.toLowerCase());
  const { range } = endpoint;
  const inNetwork = either(space.ranges.map((one) => matchRange(one, range)));
  switch (tag) {
    case "virtualnetwork":
      return inNetwork === "all" || space.isComplete || isPublic(range) ? inNetwork : "unknown";
    case "azureloadbalancer":
      return LOAD_BALANCER ? matchRange(LOAD_BALANCER, range) : "unknown";
    case "internet":
      if (inNetwork === "all") return "none";
      return inNetwork === "none" && isPublic(range) ? "all" : "unknown";
    default:
      // What the tag stands for is not known here, but it is never within the network.
      return inNetwork === "all" ? "none" : "unknown";
  }
}

const LOCAL = ["virtualnetwork", "azureloadbalancer"];

function tagHoldsTag(tag: string, asked: string): Match {
  if (tag === asked || asked.startsWith(`${tag}.`)) return "all";
  if (tag.startsWith(`${asked}.`)) return "some";
  if (LOCAL.includes(tag) || LOCAL.includes(asked))
    return LOCAL.includes(tag) && LOCAL.includes(asked) ? "none" : localOrNot(tag, asked);
  // Every public address is of the Internet, Azure's own too.
  if (tag === "internet") return "all";
  if (asked === "internet") return "some";
  if (tag === "azurecloud" && !asked.startsWith("azurecloud")) return "all";
  return "unknown";
}

/** The network and the load balancer have no address in common with any public service. */
function localOrNot(tag: string, asked: string): Match {
  const other = LOCAL.includes(tag) ? asked : tag;
  return other === "internet" || /^(storage|azure|sql|microsoft)/.test(other) ? "none" : "unknown";
}
