import type { Finding } from "../failure.ts";
import { endpointOf, spaceOf } from "../network/endpoint.ts";
import { freePriority } from "../network/freePriority.ts";
import type { NetworkSecurityGroup, SecurityRule } from "../network/observed.ts";
import { type Flow, groupOf, type Verdict, verdictOf } from "../network/securityGroups.ts";
import { az, bicepChild, freeName, nameOf, symbolOf, whereOf } from "./mends.ts";
import { type NeededFlow, neededFlows } from "./neededFlows.ts";
import { valueOf } from "./observed.ts";
import { byHand, OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { spaceOfNetwork } from "./virtualNetwork.ts";

const NO_ROOM = "Where no priority is free before the rule that decides, people have to make room.";

export const securityGroupFlows = rule({
  name: "security-group-flows",
  holds:
    "The subnets' network security groups let pass what image builder's machines say to each other, and out. Their interfaces are made in the run, and no group of theirs is documented.",
  topologies: OWN_NETWORK,
  findings: {
    "flow-denied": {
      severity: "blocks",
      owner: "network",
      why: "Image builder waits for its own machine until it gives up; a rule below 65000 also decides within the network.",
      ...byHand(NO_ROOM),
    },
    "unlisted-flow-denied": {
      severity: "warns",
      owner: "network",
      why: "Image builder needs nothing outside from the build VM of an isolated build; whether the customizers do, the recipe does not list.",
      ...byHand(NO_ROOM),
    },
    "flow-undecided": {
      severity: "warns",
      owner: "network",
      why: "What the rules stand for is not all known here: some of the packets may be denied, and the build fail by that.",
      ...byHand(NO_ROOM),
    },
  },
  check(ground, find) {
    const network = valueOf(ground.virtualNetwork);
    if (!network) return [];
    const groups = new Map(
      ground.securityGroups.map((observed) => [observed.resource.toLowerCase(), groupOf(valueOf(observed))]),
    );
    const proposed = new Map<string, SecurityRule[]>();
    const judged = neededFlows(ground).flatMap((needed): Judged[] => {
      const { securityGroupId: id = "" } = needed.subnet;
      const observed = valueOf(needed.subnet.securityGroup);
      const group = groups.get(id.toLowerCase());
      if (!observed || !group) return [];
      const space = spaceOf(spaceOfNetwork(network, valueOf(needed.subnet.routeTable)?.routes));
      const verdicts = flowsOf(needed).map((flow) => verdictOf(group, flow, space));
      return [{ needed, id, observed, verdicts, worst: firstOf(verdicts, "denied") ?? firstOf(verdicts, "unknown") }];
    });
    return judged.flatMap(({ needed, id, observed, verdicts, worst }): Finding[] => {
      const beside = judged.filter((one) => isInsteadOf(one.needed, needed));
      if (!worst || beside.some((one) => !one.worst)) return [];
      // Every mend is told at once, so that none may take what another has taken.
      const rules = proposed.get(id.toLowerCase()) ?? [...(observed.securityRules ?? [])];
      proposed.set(id.toLowerCase(), rules);
      const allow = allowing(needed, rules, firstPriority(verdicts));
      if (allow) rules.push(allow);
      const denied = needed.isUnlisted ? "unlisted-flow-denied" : "flow-denied";
      const isCertain =
        !needed.mayBePrivate && [worst, ...beside.map((one) => one.worst)].every((one) => one?.kind === "denied");
      const code = isCertain ? denied : "flow-undecided";
      return [find(code, sightOf(needed, worst, id, allow))];
    });
  },
});

interface Judged {
  needed: NeededFlow;
  /** Of the network security group. */
  id: string;
  observed: NetworkSecurityGroup;
  verdicts: readonly Verdict[];
  /** Undefined where all of it passes. */
  worst: Verdict | undefined;
}

const isInsteadOf = (one: NeededFlow, { oneOf, subnet }: NeededFlow) =>
  oneOf !== undefined && one.oneOf === oneOf && one.subnet === subnet;

/** Image builder puts its machines into no application security group. */
const NO_GROUPS: readonly string[] = [];

/** A subnet may have several prefixes: a flow for each pair of them. */
function flowsOf({ direction, from, to, port, protocol = "Tcp" }: NeededFlow): Flow[] {
  return from.flatMap((source) =>
    to.map((destination) => ({
      direction,
      protocol,
      source: endpointOf(source, NO_GROUPS),
      destination: endpointOf(destination, NO_GROUPS),
      port,
    })),
  );
}

/** As people write rules: a subnet is of its network, and a server is itself. */
const tagOf = ([side = ""]: readonly string[]) => (side.includes("/") ? "VirtualNetwork" : side);

/** Of those, the one whose rule comes first. */
function firstOf(verdicts: readonly Verdict[], kind: Verdict["kind"]): Verdict | undefined {
  return verdicts.filter((one) => one.kind === kind).toSorted((one, other) => priorityOf(one) - priorityOf(other))[0];
}

/** Before which a rule lets all pairs of prefixes pass: that which stops the second pair may come before the first's. */
function firstPriority(verdicts: readonly Verdict[]): number {
  return Math.min(...verdicts.filter(({ kind }) => kind !== "allowed").map(priorityOf));
}

const priorityOf = ({ rule: decides }: Verdict) => decides?.priority ?? Number.POSITIVE_INFINITY;

interface AllowingRule extends SecurityRule {
  name: string;
  priority: number;
}

/** A rule that lets a flow pass, beside those that there are. @returns undefined where there is no room for it. */
function allowing(
  { name, direction, from, to, port, protocol = "Tcp" }: NeededFlow,
  rules: readonly SecurityRule[],
  before: number,
): AllowingRule | undefined {
  const priority = freePriority(rules, direction, before);
  if (priority === undefined) return undefined;
  return {
    name: freeName(
      rules.map((one) => one.name ?? ""),
      `allow-${name}`,
    ),
    priority,
    direction,
    access: "Allow",
    protocol,
    sourcePortRange: "*",
    sourceAddressPrefix: tagOf(from),
    destinationAddressPrefix: tagOf(to),
    destinationPortRange: String(port),
  };
}

function sightOf(
  { direction, from, to, port, purpose, protocol = "Tcp" }: NeededFlow,
  { kind, rule: decides }: Verdict,
  id: string,
  allow: AllowingRule | undefined,
): Sight {
  const judged = kind === "denied" ? "denied" : "not certain to pass";
  const by = decides?.name ?? "that is first";
  const seen = `${direction} ${protocol.toUpperCase()} ${port} from ${tagOf(from)} to ${tagOf(to)}, by which ${purpose}, is ${judged}, by the rule ${by}.`;
  if (!allow) {
    const mend = `Make room before the rule ${by} for one that allows it: no priority before it is free.`;
    return { resource: id, seen, mend };
  }
  const { name, ...properties } = allow;
  return {
    resource: id,
    seen,
    mend: `Add a rule that allows it, before the rule ${by}: the priority ${allow.priority} is free.`,
    command: az`network nsg rule create ${whereOf(id)} ${{
      "nsg-name": nameOf(id),
      name,
      priority: allow.priority,
      direction,
      access: "Allow",
      protocol,
      "source-address-prefixes": tagOf(from),
      "destination-address-prefixes": tagOf(to),
      "destination-port-ranges": port,
    }}`,
    bicep: bicepChild(id, symbolOf(name), "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01", {
      name: `${nameOf(id)}/${name}`,
      properties,
    }),
  };
}
