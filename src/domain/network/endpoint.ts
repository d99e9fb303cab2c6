import { type AddressRange, holdsPublic, isPublic, matchRange, parseRange } from "./addresses.ts";
import { eitherOf, type Match } from "./match.ts";
import type { VirtualNetworkSpace } from "./observed.ts";
import { type RangeSet, rangeSetOf } from "./rangeSet.ts";
import { areRegionsApart, HOST_ADDRESS, isInAzureCloud, type ServiceTag, serviceTagOf } from "./serviceTags.ts";

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
      tag: ServiceTag;
      /** Of the packets, where the flow's other side tells it. */
      version?: 4 | 6;
    };

/** @param text a prefix, or a service tag. */
export function endpointOf(text: string, applicationSecurityGroups?: readonly string[]): Endpoint {
  const range = parseRange(text);
  if (!range) return { kind: "tag", tag: serviceTagOf(text) };
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

const { host: HOST } = serviceTagOf("AzureLoadBalancer");

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
  let read: { ranges: RangeSet; tags: readonly ServiceTag[] } | undefined;
  // One flow after the other mostly has an end in common with the one before: the same service, the same subnet.
  let last: { endpoint: Endpoint; space: Space; match: Match } | undefined;
  return (endpoint, space) => {
    read ??= readSide(prefixes);
    if (read.tags.length + ofGroups.length === 0) return rangesHold(read.ranges, endpoint);
    if (last && last.space === space && isSame(last.endpoint, endpoint)) return last.match;
    let match = rangesHold(read.ranges, endpoint);
    for (const tag of read.tags) if (match !== "all") match = eitherOf(match, tagHolds(tag, endpoint, space));
    for (const id of ofGroups) if (match !== "all") match = eitherOf(match, groupHolds(id, endpoint));
    last = { endpoint, space, match };
    return match;
  };
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  if (one.kind === "tag") {
    return other.kind === "tag" && one.tag.name === other.tag.name && one.version === other.version;
  }
  if (other.kind === "tag" || one.applicationSecurityGroups !== other.applicationSecurityGroups) return false;
  const { version, first, last } = other.range;
  return one.range.version === version && one.range.first === first && one.range.last === last;
}

function readSide(prefixes: readonly string[]): { ranges: RangeSet; tags: readonly ServiceTag[] } {
  const ranges = rangeSetOf(prefixes);
  return { ranges, tags: ranges.rest.map(serviceTagOf) };
}

/** @param id of an application security group, in lower case. */
function groupHolds(id: string, endpoint: Endpoint): Match {
  // No load balancer and no service of Azure's is a machine in a group.
  if (endpoint.kind === "tag") return endpoint.tag.name === "virtualnetwork" ? "unknown" : "none";
  const { applicationSecurityGroups: groups } = endpoint;
  if (!groups) return "unknown";
  return groups.some((one) => one.toLowerCase() === id) ? "all" : "none";
}

function rangesHold(ranges: RangeSet, endpoint: Endpoint): Match {
  if (ranges.isEmpty) return "none";
  if (endpoint.kind === "addresses") return ranges.match(endpoint.range);
  const { tag, version } = endpoint;
  // Tags stand for IPv6 as well, and machines of image builder have IPv4 only.
  if (ranges.holdsEvery(version ?? 4)) return "all";
  const { host } = tag;
  if (host) return version && version !== host.version ? "none" : ranges.match(host);
  const hasPublic = ranges.holdsPublic(version);
  if (tag.name === "internet") return hasPublic ? "some" : "none";
  // A prefix that holds no public address has nothing of a public service.
  if (tag.isPublic) return hasPublic ? "unknown" : "none";
  const hasAny = version ? ranges.holdsVersion(version) : ranges.holdsVersion(4) || ranges.holdsVersion(6);
  return hasAny ? "unknown" : "none";
}

function tagHolds(tag: ServiceTag, endpoint: Endpoint, space: Space): Match {
  if (endpoint.kind === "tag") return tagHoldsTag(tag, endpoint.tag, space);
  const { range } = endpoint;
  if (tag.host) return matchRange(tag.host, range);
  const isInternet = tag.name === "internet";
  if (!isInternet && !tag.isLocal) {
    // Where a public service is, is not known here, but never at a private address.
    return tag.isPublic && !holdsPublic(range) ? "none" : "unknown";
  }
  const inNetwork = space.ranges.match(range);
  if (inNetwork === "all") return isInternet ? "none" : "all";
  const mayBeIn = space.possible.match(range) !== "none";
  if (isInternet) return inNetwork === "none" && isPublic(range) && !mayBeIn ? "all" : "unknown";
  if (mayBeIn) return "unknown";
  return space.isComplete || isPublic(range) ? inNetwork : "unknown";
}

function tagHoldsTag(tag: ServiceTag, asked: ServiceTag, space: Space): Match {
  if (tag.name === asked.name) return "all";
  if (tag.service === asked.service) {
    if (!tag.region || tag.region === asked.region) return "all";
    if (!asked.region) return "some";
    return areRegionsApart(tag.service) ? "none" : "unknown";
  }
  if (tag.isLocal || asked.isLocal) return localOrNot(tag, asked, space);
  // Every public address is of the Internet, Azure's own too.
  if (tag.name === "internet") return asked.isPublic ? "all" : "unknown";
  if (asked.name === "internet") return tag.isPublic ? "some" : "unknown";
  if (tag.service === "azurecloud" && isInAzureCloud(asked)) {
    if (!tag.region || tag.region === asked.region) return "all";
    return asked.region ? "unknown" : "some";
  }
  if (asked.service === "azurecloud" && isInAzureCloud(tag)) {
    return tag.region && asked.region && tag.region !== asked.region ? "unknown" : "some";
  }
  return "unknown";
}

/** The network and Azure's host have no address in common with any public service. */
function localOrNot(tag: ServiceTag, asked: ServiceTag, space: Space): Match {
  if (tag.isLocal && asked.isLocal) return localInLocal(tag.host, asked.host);
  const other = tag.isLocal ? asked : tag;
  if (!other.isPublic) return "unknown";
  const hasVirtualNetwork = tag.name === "virtualnetwork" || asked.name === "virtualnetwork";
  // Where a route of the company's own is for public addresses, they may count as the network's.
  return hasVirtualNetwork && space.possible.holdsPublic() ? "unknown" : "none";
}

/** Of two tags of the host's or the network's. */
function localInLocal(one: AddressRange | undefined, other: AddressRange | undefined): Match {
  if (one && other) return one.first === other.first ? "all" : "none";
  // Of the host's other addresses Microsoft does not say whether they count as the network's.
  if (![one, other].some((host) => host?.first === HOST?.first)) return "unknown";
  return one ? "some" : "all";
}
