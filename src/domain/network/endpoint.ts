import { type AddressRange, holdsPublic, isPublic, matchRange, parseRange } from "./addresses.ts";
import { either, type Match } from "./match.ts";
import type { VirtualNetworkSpace } from "./observed.ts";
import { type RangeSet, rangeSetOf } from "./rangeSet.ts";
import {
  areRegionsApart,
  HOST_ADDRESS,
  HOST_TAGS,
  isInAzureCloud,
  isPublicTag,
  serviceOf,
  tagNamed,
} from "./serviceTags.ts";

/** One side of a flow: addresses, or all that a service tag stands for. */
export type Endpoint =
  | {
      kind: "addresses";
      range: AddressRange;
      /** Ids of the application security groups of its machines; undefined where nobody here knows. */
      applicationSecurityGroups?: readonly string[];
    }
  | {
      kind: "tag";
      tag: string;
      /** Of the packets, where the flow's other side tells it. */
      version?: 4 | 6;
    };

/** @param text a prefix, or a service tag. */
export function endpointOf(text: string, applicationSecurityGroups?: readonly string[]): Endpoint {
  const range = parseRange(text);
  if (!range) return { kind: "tag", tag: tagNamed(text) };
  return { kind: "addresses", range, ...(applicationSecurityGroups ? { applicationSecurityGroups } : {}) };
}

/** The virtual network's space, read once for many flows. */
export interface Space {
  ranges: RangeSet;
  /** What may belong to it or not. */
  possible: RangeSet;
  isComplete: boolean;
}

/** Azure counts the host's address as of the network: a rule that denies VirtualNetwork denies the load balancer, too. */
export function spaceOf({ prefixes, possible = [], isComplete }: VirtualNetworkSpace): Space {
  const ranges = rangeSetOf([...prefixes, HOST_ADDRESS]);
  return { ranges, possible: rangeSetOf(possible), isComplete: isComplete && ranges.rest.length === 0 };
}

/** How much of an endpoint a rule's side holds. */
export type Side = (endpoint: Endpoint, space: Space) => Match;

/**
 * @param prefixes as a rule has them, of which its side takes any: `*`, prefixes, or service tags.
 * @param groups ids of application security groups, of which it takes any as well.
 */
export function sideOf(prefixes: readonly string[], groups: readonly string[] = []): Side {
  if (prefixes.includes("*")) return () => "all";
  const ofGroups = groups.map((id) => id.toLowerCase());
  // Most rules are not asked for: another direction, another port.
  let read: { ranges: RangeSet; tags: readonly string[] } | undefined;
  return (endpoint, space) => {
    read ??= readSide(prefixes);
    const match = rangesHold(read.ranges, endpoint);
    if (match === "all" || read.tags.length + ofGroups.length === 0) return match;
    return either([
      match,
      ...read.tags.map((tag) => tagHolds(tag, endpoint, space)),
      ...ofGroups.map((id) => groupHolds(id, endpoint)),
    ]);
  };
}

function readSide(prefixes: readonly string[]): { ranges: RangeSet; tags: readonly string[] } {
  const ranges = rangeSetOf(prefixes);
  return { ranges, tags: ranges.rest.map(tagNamed) };
}

/** @param id of an application security group, in lower case. */
function groupHolds(id: string, endpoint: Endpoint): Match {
  // No load balancer and no service of Azure's is a machine in a group.
  if (endpoint.kind === "tag") return endpoint.tag === "virtualnetwork" ? "unknown" : "none";
  const { applicationSecurityGroups: groups } = endpoint;
  if (!groups) return "unknown";
  return groups.some((one) => one.toLowerCase() === id) ? "all" : "none";
}

function rangesHold(ranges: RangeSet, endpoint: Endpoint): Match {
  if (endpoint.kind === "addresses") return ranges.match(endpoint.range);
  // Tags stand for IPv6 as well, and machines of image builder have IPv4 only.
  if (ranges.isEveryIpv4) return "all";
  const { tag, version } = endpoint;
  const host = hostOf(tag);
  if (host) return version && version !== host.version ? "none" : ranges.match(host);
  const hasPublic = ranges.holdsPublic(version);
  if (tag === "internet") return hasPublic ? "some" : "none";
  // A prefix that holds no public address has nothing of a public service.
  if (isPublicTag(tag)) return hasPublic ? "unknown" : "none";
  const hasAny = version ? ranges.holdsVersion(version) : ranges.holdsVersion(4) || ranges.holdsVersion(6);
  return hasAny ? "unknown" : "none";
}

function hostOf(tag: string): AddressRange | undefined {
  const address = HOST_TAGS[tag];
  return address === undefined ? undefined : parseRange(address);
}

function tagHolds(tag: string, endpoint: Endpoint, space: Space): Match {
  if (endpoint.kind === "tag") return tagHoldsTag(tag, endpoint.tag, space);
  const { range } = endpoint;
  const host = hostOf(tag);
  if (host) return matchRange(host, range);
  if (tag !== "virtualnetwork" && tag !== "internet") {
    // Where a public service is, is not known here, but never at a private address.
    return isPublicTag(tag) && !holdsPublic(range) ? "none" : "unknown";
  }
  const inNetwork = space.ranges.match(range);
  const mayBeIn = space.possible.match(range) !== "none";
  if (tag === "internet") {
    if (inNetwork === "all") return "none";
    return inNetwork === "none" && isPublic(range) && !mayBeIn ? "all" : "unknown";
  }
  if (inNetwork === "all") return "all";
  if (mayBeIn) return "unknown";
  return space.isComplete || isPublic(range) ? inNetwork : "unknown";
}

const LOCAL = ["virtualnetwork", ...Object.keys(HOST_TAGS)];

function tagHoldsTag(tag: string, asked: string, space: Space): Match {
  if (tag === asked) return "all";
  const [own, other] = [serviceOf(tag), serviceOf(asked)];
  if (own.service === other.service) {
    if (!own.region || own.region === other.region) return "all";
    if (!other.region) return "some";
    return areRegionsApart(own.service) ? "none" : "unknown";
  }
  if (LOCAL.includes(tag) || LOCAL.includes(asked)) return localOrNot(tag, asked, space);
  // Every public address is of the Internet, Azure's own too.
  if (tag === "internet") return isPublicTag(asked) ? "all" : "unknown";
  if (asked === "internet") return isPublicTag(tag) ? "some" : "unknown";
  if (own.service === "azurecloud" && isInAzureCloud(asked)) {
    if (!own.region || own.region === other.region) return "all";
    return other.region ? "unknown" : "some";
  }
  if (other.service === "azurecloud" && isInAzureCloud(tag)) {
    return own.region && other.region && own.region !== other.region ? "unknown" : "some";
  }
  return "unknown";
}

/** The network and Azure's host have no address in common with any public service. */
function localOrNot(tag: string, asked: string, space: Space): Match {
  if (LOCAL.includes(tag) && LOCAL.includes(asked)) return localInLocal(tag, asked);
  const other = LOCAL.includes(tag) ? asked : tag;
  if (!isPublicTag(other)) return "unknown";
  const hasVirtualNetwork = tag === "virtualnetwork" || asked === "virtualnetwork";
  // Where a route of the company's own is for public addresses, they may count as the network's.
  return hasVirtualNetwork && space.possible.holdsPublic() ? "unknown" : "none";
}

function localInLocal(tag: string, asked: string): Match {
  const [one, other] = [HOST_TAGS[tag], HOST_TAGS[asked]];
  if (one && other) return one === other ? "all" : "none";
  // Of the host's other addresses Microsoft does not say whether they count as the network's.
  if (![one, other].includes(HOST_ADDRESS)) return "unknown";
  return one ? "some" : "all";
}
