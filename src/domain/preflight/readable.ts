import type { Finding } from "../failure.ts";
import type { Observed } from "./observed.ts";
import { EVERY_TOPOLOGY, rule, type Sight } from "./rule.ts";

/** What stays unchecked where something cannot be read. */
const UNCHECKED = {
  "virtual-network-unreadable": "Nothing of the network could be checked: subnets, rules, routes, addresses.",
  "subnet-usages-unreadable": "Whether addresses are free in the subnet could not be checked.",
  "security-group-unreadable": "A rule that keeps image builder's machines apart fails the build after minutes.",
  "route-table-unreadable": "Whether downloads have a way out of the subnet could not be checked.",
} as const;

type Code = keyof typeof UNCHECKED | "security-group-missing" | "route-table-missing";

export const readable = rule<Code>({
  name: "readable",
  holds: "The service can read everything that it checks.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    ...(Object.fromEntries(
      Object.entries(UNCHECKED).map(([code, why]) => [code, { severity: "warns", owner: "identity", why }]),
    ) as Record<keyof typeof UNCHECKED, { severity: "warns"; owner: "identity"; why: string }>),
    "security-group-missing": {
      severity: "warns",
      owner: "network",
      why: "The subnet names a network security group that Azure does not know: it is being deleted, or of another tenant.",
    },
    "route-table-missing": {
      severity: "warns",
      owner: "network",
      why: "The subnet names a route table that Azure does not know, so its way out could not be checked.",
    },
  },
  check(ground, find) {
    const unreadable = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "unreadable" ? [find(code, sightOf(observed))] : [];
    const missing = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "absent"
        ? [
            find(code, {
              resource: observed.resource,
              seen: `${observed.resource} is not there.`,
              mend: "Take it off the subnet, or put another one there.",
            }),
          ]
        : [];
    return [
      ...unreadable("virtual-network-unreadable", ground.virtualNetwork),
      ...unreadable("subnet-usages-unreadable", ground.subnetUsages),
      ...ground.securityGroups.flatMap((one) => unreadable("security-group-unreadable", one)),
      ...ground.securityGroups.flatMap((one) => missing("security-group-missing", one)),
      ...ground.routeTables.flatMap((one) => unreadable("route-table-unreadable", one)),
      ...ground.routeTables.flatMap((one) => missing("route-table-missing", one)),
    ];
  },
});

function sightOf({ resource, code, message }: Observed<unknown> & { kind: "unreadable" }): Sight {
  const action = /perform action '([^']+)'/.exec(message)?.[1];
  return {
    resource,
    seen: `Azure does not show ${resource}: ${code}.`,
    mend: action
      ? `Give the service's identity a role with the action ${action} there: see docs/access.md.`
      : `Find out why it cannot be read: ${message}`,
  };
}
