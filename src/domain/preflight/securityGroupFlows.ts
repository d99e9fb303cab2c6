import type { Finding } from "../failure.ts";
import { endpointOf, spaceOf } from "../network/endpoint.ts";
import { freePriority } from "../network/freePriority.ts";
import type { NetworkSecurityGroup } from "../network/observed.ts";
import { type Flow, groupOf, type Verdict, verdictOf } from "../network/securityGroups.ts";
import { bicepResource, nameOf, whereOf } from "./mends.ts";
import { type NeededFlow, neededFlows } from "./neededFlows.ts";
import { valueOf } from "./observed.ts";
import { OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { spaceOfNetwork } from "./virtualNetwork.ts";

export const securityGroupFlows = rule({
  name: "security-group-flows",
  holds: "The subnets' network security groups let pass what image builder's machines say to each other, and out.",
  topologies: OWN_NETWORK,
  findings: {
    "flow-denied": {
      severity: "blocks",
      owner: "network",
      why: "Image builder waits for its own machine until it gives up; a rule below 65000 also decides within the network.",
    },
    "flow-undecided": {
      severity: "warns",
      owner: "network",
      why: "What the rules stand for is not all known here: some of the packets may be denied, and the build fail by that.",
    },
  },
  check(ground, find) {
    const network = valueOf(ground.virtualNetwork);
    if (!network) return [];
    const groups = new Map(
      ground.securityGroups.map((observed) => [observed.resource.toLowerCase(), groupOf(valueOf(observed))]),
    );
    return neededFlows(ground).flatMap((needed): Finding[] => {
      const observed = valueOf(needed.subnet.securityGroup);
      const group = groups.get(needed.subnet.securityGroupId?.toLowerCase() ?? "");
      if (!observed || !group) return [];
      const space = spaceOf(spaceOfNetwork(network, valueOf(needed.subnet.routeTable)?.routes));
      const verdicts = flowsOf(needed).map((flow) => verdictOf(group, flow, space));
      const worst = verdicts.find(({ kind }) => kind === "denied") ?? verdicts.find(({ kind }) => kind === "unknown");
      if (!worst) return [];
      const code = worst.kind === "denied" ? "flow-denied" : "flow-undecided";
      return [find(code, sightOf(needed, worst, { ...observed, id: needed.subnet.securityGroupId ?? "" }))];
    });
  },
});

/** Image builder puts its machines into no application security group. */
const NO_GROUPS: readonly string[] = [];

/** A subnet may have several prefixes: a flow for each pair of them. */
function flowsOf({ direction, from, to, port }: NeededFlow): Flow[] {
  return from.flatMap((source) =>
    to.map((destination) => ({
      direction,
      protocol: "Tcp" as const,
      source: endpointOf(source, NO_GROUPS),
      destination: endpointOf(destination, NO_GROUPS),
      port,
    })),
  );
}

/** As people write rules: a subnet is of its network. */
const tagOf = (side: readonly string[]) => (/^[a-z]/i.test(side[0] ?? "") ? (side[0] ?? "") : "VirtualNetwork");

function sightOf(
  needed: NeededFlow,
  { kind, rule: decides }: Verdict,
  group: NetworkSecurityGroup & { id: string },
): Sight {
  const { name, direction, port, purpose } = needed;
  const [from, to] = [tagOf(needed.from), tagOf(needed.to)];
  const judged = kind === "denied" ? "denied" : "not certain to pass";
  const by = decides?.name ?? "that is first";
  const seen = `${direction} TCP ${port} from ${from} to ${to}, by which ${purpose}, is ${judged}, by the rule ${by}.`;
  const priority = freePriority(group, direction, decides?.priority);
  if (priority === undefined) {
    const mend = `Make room before the rule ${by} for one that allows it: no priority before it is free.`;
    return { resource: group.id, seen, mend };
  }
  return {
    resource: group.id,
    seen,
    mend: `Add a rule that allows it, before the rule ${by}: the priority ${priority} is free.`,
    command:
      `az network nsg rule create ${whereOf(group.id)} --nsg-name ${nameOf(group.id)} --name allow-${name} ` +
      `--priority ${priority} --direction ${direction} --access Allow --protocol Tcp ` +
      `--source-address-prefixes ${from} --destination-address-prefixes ${to} --destination-port-ranges ${port}`,
    bicep: bicepResource("allow", "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01", {
      name: `${nameOf(group.id)}/allow-${name}`,
      properties: {
        priority,
        direction,
        access: "Allow",
        protocol: "Tcp",
        sourcePortRange: "*",
        sourceAddressPrefix: from,
        destinationAddressPrefix: to,
        destinationPortRange: String(port),
      },
    }),
  };
}
