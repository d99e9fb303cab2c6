import type { Finding } from "../failure.ts";
import type { Route } from "../network/observed.ts";
import { wayToInternet, wayToService } from "../network/routes.ts";
import { type BuildSubnet, buildSubnets } from "./ground.ts";
import { az, bicepResource, nameOf, updateSubnet, whereOf } from "./mends.ts";
import { OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { ownStorage, waysOf } from "./ways.ts";

export const wayOut = rule({
  name: "way-out",
  holds:
    "What goes to the Internet has a way out of the subnets: by default, a NAT gateway, an appliance or a gateway.",
  topologies: OWN_NETWORK,
  findings: {
    "route-dead-end": {
      severity: "blocks",
      owner: "network",
      why: "Image builder's machines reach storage and their downloads from this subnet.",
    },
    "no-way-out": {
      severity: "blocks",
      owner: "network",
      why: "Image builder's machines reach storage and their downloads from this subnet.",
    },
    "way-out-undecided": {
      severity: "notes",
      owner: "network",
      why: "By which way downloads leave is not known here, so what is on it could not be checked.",
    },
  },
  check(ground, find) {
    return buildSubnets(ground).flatMap((subnet): Finding[] => {
      const ways = waysOf(ground, subnet);
      if (!ways) return [];
      const way = wayToInternet(ways);
      if (way.kind === "dead-end") {
        if (isDropped(way.route)) return [find("route-dead-end", sightOf(subnet, way.route, "the Internet"))];
        return [
          find("no-way-out", {
            resource: subnet.id,
            seen: "The subnet is private: it has no default outbound access, no NAT gateway and no route to an appliance.",
            mend: "Attach a NAT gateway to the subnet, or a route table that leads to a firewall.",
            command: updateSubnet(subnet.id, "--nat-gateway", "<name of a NAT gateway>"),
          }),
        ];
      }
      const toStorage = wayToService(ownStorage(ground.plan.location), ways);
      const findings = [];
      if (toStorage.kind === "dead-end" && isDropped(toStorage.route))
        findings.push(find("route-dead-end", sightOf(subnet, toStorage.route, "image builder's storage")));
      if (way.kind === "unknown")
        findings.push(
          find("way-out-undecided", {
            resource: subnet.id,
            seen: `What goes to the Internet may leave by routes that a gateway learns, or by the route ${way.route?.name}.`,
            mend: "Look at the effective routes of a machine in the subnet, and check the way that they name.",
          }),
        );
      return findings;
    });
  },
});

const isDropped = (route: Route | undefined): route is Route => route?.nextHopType?.toLowerCase() === "none";

function sightOf({ id, routeTableId = "" }: BuildSubnet, { name = "", addressPrefix }: Route, what: string): Sight {
  return {
    resource: routeTableId || id,
    seen: `The route ${name} drops what goes to ${what}.`,
    mend: `Give the route ${name} a next hop: a firewall, or Internet.`,
    command: az`network route-table route update ${whereOf(routeTableId)} --route-table-name ${nameOf(routeTableId)} --name ${name} --next-hop-type Internet`,
    bicep: bicepResource("wayOut", "Microsoft.Network/routeTables/routes@2024-05-01", {
      name: `${nameOf(routeTableId)}/${name}`,
      properties: { addressPrefix: addressPrefix ?? "0.0.0.0/0", nextHopType: "Internet" },
    }),
  };
}
