import type { Finding } from "../failure.ts";
import { parseRange } from "../network/addresses.ts";
import { type Way, wayTo } from "../network/routes.ts";
import { type BuildSubnet, buildSubnets, type NetworkGround } from "./ground.ts";
import { bicepResource, nameOf, updateSubnet, whereOf, word } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { OWN_NETWORK, rule } from "./rule.ts";
import { hasGateway, spaceOfNetwork } from "./virtualNetwork.ts";

/** Stands for the Internet: any public address would do that no route of its own leads to. */
const SOMEWHERE = parseRange("20.0.0.1");

/** @returns by which way what goes to the Internet leaves a subnet; undefined where its routes could not be read. */
export function wayOutOf({ virtualNetwork }: NetworkGround, subnet: BuildSubnet): Way | undefined {
  const network = valueOf(virtualNetwork);
  const { routeTable } = subnet;
  if (!network || !SOMEWHERE || (routeTable && routeTable.kind !== "found")) return undefined;
  const table = valueOf(routeTable);
  const mayLearn = hasGateway(network) && !table?.disableBgpRoutePropagation;
  return wayTo(SOMEWHERE, {
    routes: table?.routes ?? [],
    learnt: mayLearn ? undefined : [],
    network: spaceOfNetwork(network)
      .prefixes.map(parseRange)
      .filter((range) => range !== undefined),
    hasNatGateway: subnet.natGatewayId !== undefined,
    defaultOutboundAccess: subnet.defaultOutboundAccess,
  });
}

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
      const way = wayOutOf(ground, subnet);
      const route = way?.route?.name ?? "";
      if (way?.kind === "unknown") {
        return [
          find("way-out-undecided", {
            resource: subnet.id,
            seen: `What goes to the Internet may leave by routes that a gateway learns, or by the route ${route}.`,
            mend: "Look at the effective routes of a machine in the subnet, and check the way that they name.",
          }),
        ];
      }
      if (way?.kind !== "dead-end") return [];
      if (way.route?.nextHopType?.toLowerCase() === "none") {
        const table = subnet.routeTableId ?? "";
        return [
          find("route-dead-end", {
            resource: table || subnet.id,
            seen: `The route ${route} drops what goes to the Internet.`,
            mend: `Give the route ${route} a next hop: a firewall, or Internet.`,
            command: `az network route-table route update ${whereOf(table)} --route-table-name ${nameOf(table)} --name ${word(route)} --next-hop-type Internet`,
            bicep: bicepResource("wayOut", "Microsoft.Network/routeTables/routes@2024-05-01", {
              name: `${nameOf(table)}/${route}`,
              properties: { addressPrefix: way.route.addressPrefix ?? "0.0.0.0/0", nextHopType: "Internet" },
            }),
          }),
        ];
      }
      return [
        find("no-way-out", {
          resource: subnet.id,
          seen: "The subnet is private: it has no default outbound access, no NAT gateway and no route to an appliance.",
          mend: "Attach a NAT gateway to the subnet, or a route table that leads to a firewall.",
          command: updateSubnet(subnet.id, "--nat-gateway <name of a NAT gateway>"),
        }),
      ];
    });
  },
});
