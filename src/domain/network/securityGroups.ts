import { type Endpoint, type Side, sideOf, type Space } from "./endpoint.ts";
import { bothOf, type Match } from "./match.ts";
import type { NetworkSecurityGroup, SecurityRule } from "./observed.ts";
import { type Ports, portsOf } from "./ports.ts";

/** Packets that are let through or not, seen from one network interface. Answers to them pass by themselves. */
export interface Flow {
  direction: "Inbound" | "Outbound";
  protocol: "Tcp" | "Udp" | "Icmp";
  source: Endpoint;
  destination: Endpoint;
  /** Undefined for Icmp, which has none. */
  port?: number;
}

/** Whether a flow passes, and the rule that decides, or the first that leaves it open. */
export type Verdict = { kind: "allowed" | "denied" | "unknown"; rule?: SecurityRule };

/** A group whose rules have been read once for many flows. */
export type Group = readonly Rule[];

interface Rule {
  observed: SecurityRule;
  direction: string;
  access: string;
  protocol: string;
  ports: Ports;
  sourcePorts: Ports;
  source: Side;
  destination: Side;
  /** What the two are about, as the rule has it. */
  sides: { source: Listed; destination: Listed };
}

interface Listed {
  prefixes: readonly string[];
  /** Ids of application security groups. */
  groups: readonly string[];
}

/** @param observed undefined where there is no group: then everything passes. */
export function groupOf(observed: NetworkSecurityGroup | undefined): Group {
  if (!observed) return [];
  const { securityRules = [], defaultSecurityRules = [] } = observed;
  const defaults = defaultSecurityRules.length > 0 ? defaultSecurityRules : DEFAULT_RULES;
  return [...securityRules, ...defaults]
    .toSorted((one, other) => (one.priority ?? 0) - (other.priority ?? 0))
    .map((rule) => {
      const sides = {
        source: listedOf(rule.sourceAddressPrefix, rule.sourceAddressPrefixes, rule.sourceApplicationSecurityGroups),
        destination: listedOf(
          rule.destinationAddressPrefix,
          rule.destinationAddressPrefixes,
          rule.destinationApplicationSecurityGroups,
        ),
      };
      return {
        observed: rule,
        direction: titled(rule.direction ?? ""),
        access: (rule.access ?? "").toLowerCase(),
        protocol: titled(rule.protocol ?? "*"),
        ports: portsOf(listed(rule.destinationPortRange, rule.destinationPortRanges)),
        sourcePorts: portsOf(listed(rule.sourcePortRange, rule.sourcePortRanges)),
        source: sideOf(sides.source.prefixes, sides.source.groups),
        destination: sideOf(sides.destination.prefixes, sides.destination.groups),
        sides,
      };
    });
}

/** The first rule that holds decides. One that may hold leaves it open, unless all that can decide say the same. */
export function verdictOf(group: Group, asked: Flow, space: Space): Verdict {
  const flow = withVersions(asked);
  let first: Rule | undefined;
  /** Of those that may hold, the rules that hold for some of the packets. */
  const partial: Rule[] = [];
  for (const rule of group) {
    if (rule.direction !== flow.direction) continue;
    const match = matchRule(rule, flow, space);
    if (match === "none") continue;
    first ??= rule;
    if (rule.access !== first.access) {
      return holdTogether(partial, flow, space) ? decidedBy(first) : { kind: "unknown", rule: first.observed };
    }
    if (match === "all") break;
    if (match === "some") partial.push(rule);
  }
  return first ? decidedBy(first) : { kind: group.length === 0 ? "allowed" : "unknown" };
}

const decidedBy = ({ access, observed }: Rule): Verdict => ({
  kind: access === "allow" ? "allowed" : "denied",
  rule: observed,
});

/** Rules that say the same hold together what none of them holds by itself: each a half of a subnet. */
function holdTogether(rules: readonly Rule[], flow: Flow, space: Space): boolean {
  return (["source", "destination"] as const).some((side) => {
    const other = side === "source" ? "destination" : "source";
    const alike = rules.filter(
      (rule) =>
        rule.sourcePorts.isEvery && holdsPort(rule, flow) === "all" && rule[other](flow[other], space) === "all",
    );
    if (alike.length < 2) return false;
    const whole = sideOf(
      alike.flatMap((rule) => rule.sides[side].prefixes),
      alike.flatMap((rule) => rule.sides[side].groups),
    );
    return whole(flow[side], space) === "all";
  });
}

/** Both sides of a packet are of one version of IP. */
function withVersions(flow: Flow): Flow {
  const { source, destination } = flow;
  return { ...flow, source: ofVersion(source, destination), destination: ofVersion(destination, source) };
}

function ofVersion(endpoint: Endpoint, other: Endpoint): Endpoint {
  if (endpoint.kind !== "tag" || other.kind !== "addresses") return endpoint;
  return { ...endpoint, version: other.range.version };
}

function matchRule(rule: Rule, flow: Flow, space: Space): Match {
  if (rule.protocol !== "*" && rule.protocol !== flow.protocol) return "none";
  const ports = holdsPort(rule, flow);
  if (ports === "none") return "none";
  // Most rules are not about most flows: what costs more is asked for later.
  const source = rule.source(flow.source, space);
  if (source === "none") return "none";
  const destination = rule.destination(flow.destination, space);
  if (destination === "none") return "none";
  // A client's own port may be any.
  const asked = bothOf(ports, rule.sourcePorts.isEvery ? "all" : "some");
  return bothOf(asked, bothOf(source, destination));
}

function holdsPort({ ports }: Rule, { port }: Flow): Match {
  return port === undefined ? "all" : ports.hold(port);
}

/** As flows have it: Azure does not mind the case. */
function titled(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}

function listedOf(
  one: string | undefined,
  more: readonly string[] | undefined,
  groups: readonly { id?: string }[] = [],
): Listed {
  return { prefixes: listed(one, more), groups: groups.map(({ id = "" }) => id) };
}

/** Azure answers with the one form or the other; with both, both count. */
function listed(one: string | undefined, more: readonly string[] | undefined): readonly string[] {
  return [...(one ? [one] : []), ...(more ?? [])];
}

const defaultRule = (
  name: string,
  direction: string,
  priority: number,
  source: string,
  destination: string,
  access: string,
): SecurityRule => ({
  name,
  direction,
  priority,
  access,
  protocol: "*",
  sourcePortRange: "*",
  destinationPortRange: "*",
  sourceAddressPrefix: source,
  destinationAddressPrefix: destination,
});

/** Those of every group, for answers that leave them out. */
const DEFAULT_RULES: readonly SecurityRule[] = [
  defaultRule("AllowVnetInBound", "Inbound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
  defaultRule("AllowAzureLoadBalancerInBound", "Inbound", 65001, "AzureLoadBalancer", "*", "Allow"),
  defaultRule("DenyAllInBound", "Inbound", 65500, "*", "*", "Deny"),
  defaultRule("AllowVnetOutBound", "Outbound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
  defaultRule("AllowInternetOutBound", "Outbound", 65001, "*", "Internet", "Allow"),
  defaultRule("DenyAllOutBound", "Outbound", 65500, "*", "*", "Deny"),
];
