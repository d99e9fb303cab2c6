import type { Finding } from "../failure.ts";
import { parseRange } from "../network/addresses.ts";
import type { Route } from "../network/observed.ts";
import { wayTo } from "../network/routes.ts";

/** What was read of the ways out of a build's subnet. */
export interface ObservedWays {
  subnetId: string;
  /** The virtual network's own space and its peers', as prefixes. */
  network: readonly string[];
  /** Of the route table; "unreadable" where Azure did not show it. */
  routes: readonly Route[] | "unreadable";
  /** Whether routes may be learnt from a gateway, here or at a peer. */
  mayLearnRoutes: boolean;
  hasNatGateway: boolean;
  defaultOutboundAccess: boolean;
}

/** Stands for the Internet: any public address would do that no route of its own leads to. */
const SOMEWHERE = parseRange("20.0.0.1");

/** Whether a build's downloads have a way out of its subnet. */
export function checkWayOut({ subnetId, routes, network, mayLearnRoutes, ...rest }: ObservedWays): Finding[] {
  const finding = (code: string, severity: Finding["severity"], seen: string, mend: string): Finding[] => [
    {
      code,
      severity,
      resource: subnetId,
      seen,
      why: "Image builder's machines reach storage and their downloads from this subnet.",
      mend,
      owner: "network",
    },
  ];
  if (routes === "unreadable") {
    return finding(
      "route-table-unreadable",
      "warns",
      "The route table of the subnet cannot be read.",
      "Give the service's identity the network reader role on the route table's resource group.",
    );
  }
  const ranges = network.map(parseRange).filter((range) => range !== undefined);
  const learnt = mayLearnRoutes ? undefined : [];
  const way = SOMEWHERE && wayTo(SOMEWHERE, { ...rest, routes, learnt, network: ranges });
  if (way?.kind !== "dead-end") return [];
  return way.route?.nextHopType?.toLowerCase() === "none"
    ? finding(
        "route-dead-end",
        "blocks",
        `The route ${way.route.name} drops what goes to the Internet.`,
        `Give the route ${way.route.name} a next hop: a firewall, or Internet.`,
      )
    : finding(
        "no-way-out",
        "blocks",
        "The subnet is private: it has no default outbound access, no NAT gateway and no route to an appliance.",
        "Attach a NAT gateway to the subnet, or a route table that leads to a firewall.",
      );
}
