import type { Finding } from "../failure.ts";
import { matchRange, parseRange } from "../network/addresses.ts";
import type { Route } from "../network/observed.ts";
import { droppedDetours, type Way, wayOf, type Ways, wayToInternet, waysToInternet } from "../network/routes.ts";
import { mayBePrivate, reachedFrom } from "./egress.ts";
import { type BuildSubnet, buildSubnets } from "./ground.ts";
import { az, bicepProperties, bicepChild, nameOf, symbolOf, updateSubnet, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { byHand, OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { routedPrefixes, spaceOfNetwork, type VirtualNetwork } from "./virtualNetwork.ts";
import { tagOfWanted, wayToName, waysOf } from "./ways.ts";

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
    "unlisted-way-out": {
      severity: "warns",
      owner: "network",
      why: "Image builder needs nothing outside from the build VM of an isolated build; whether the customizers do, the recipe does not list.",
      ...byHand("A peering is made from both sides, one of which may be somebody else's."),
    },
    "way-out-partial": {
      severity: "warns",
      owner: "network",
      why: "What image builder and the customizers reach may be in the part of the Internet that is not reached.",
    },
    "appliance-unreachable": {
      severity: "blocks",
      owner: "network",
      why: "A route's next hop has to be in the virtual network or in one that is connected with it: else Azure drops what it leads there.",
      ...byHand("A peering is made from both sides, one of which may be somebody else's."),
    },
    "way-out-undecided": {
      severity: "notes",
      owner: "network",
      why: "By which way downloads leave is not known here, so what is on it could not be checked.",
      ...byHand("What a gateway learns is looked at, not changed."),
    },
  },
  check(ground, find) {
    return buildSubnets(ground).flatMap((subnet): Finding[] => {
      const ways = waysOf(ground, subnet);
      if (!ways) return [];
      const way = wayToInternet(ways);
      const parts = waysToInternet(ways);
      const { names, rest } = reachedFrom(subnet, ground.plan);
      const isUnlisted = rest === "unlisted";
      if (rest !== "nothing" && parts.every(isDeadEnd)) {
        if (isUnlisted) return [find("unlisted-way-out", dead(subnet, ways, way, "the Internet"))];
        if (isDropped(way.route)) return [find("route-dead-end", sightOf(subnet, ways, way.route, "the Internet"))];
        return [find("no-way-out", noWay(subnet))];
      }
      const tagged = names
        .filter((one) => tagOfWanted(one, ground.plan.location) && !mayBePrivate(one))
        .map((one) => ({ ...one, way: wayToName(one, ground.plan.location, ways) }));
      const findings = [];
      const lostNames = tagged.filter((one) => isDeadEnd(one.way));
      for (const { way: to } of lostNames.filter((one, at) => at === firstBy(lostNames, one.way))) {
        const lost = lostNames.filter((one) => one.way.route?.name === to.route?.name).map(({ name }) => name);
        if (isDropped(to.route))
          findings.push(find("route-dead-end", sightOf(subnet, ways, to.route, lost.join(", "))));
        else findings.push(find("no-way-out", noWay(subnet)));
      }
      const isAll = rest !== "nothing";
      const isOpen = isAll || tagged.some((one) => one.way.kind === "unknown");
      const part = isOpen ? (parts.find(isDeadEnd) ?? (isAll ? detourOf(ways) : undefined)) : undefined;
      if (part) findings.push(find("way-out-partial", dead(subnet, ways, part, "a part of the Internet")));
      else if (way.kind === "unknown" && rest !== "nothing")
        findings.push(
          find("way-out-undecided", {
            resource: subnet.id,
            ...undecided(subnet, ways, way, parts),
          }),
        );
      const taken = [...(rest === "nothing" ? [] : parts), ...tagged.map((one) => one.way)];
      const hops = new Map(taken.flatMap((one) => (one.kind === "appliance" ? [[one.address, one] as const] : [])));
      for (const hop of hops.values()) {
        const seen = outOfReach(hop, valueOf(ground.virtualNetwork));
        const resource = subnet.routeTableId ?? subnet.id;
        const mend =
          "Connect the appliance's network by a peering from both sides, or name an appliance that is within reach.";
        if (seen)
          findings.push(find(isUnlisted ? "unlisted-way-out" : "appliance-unreachable", { resource, seen, mend }));
      }
      return findings;
    });
  },
});

/** Where several are lost by one route, the first of them tells. */
const firstBy = (lost: readonly { way: Way }[], { route }: Way) =>
  lost.findIndex(({ way }) => way.route?.name === route?.name);

/** By which few public addresses are dropped, nobody here knows whose. */
function detourOf(ways: Ways): Way | undefined {
  const [route] = droppedDetours(ways);
  return route && wayOf(route, ways);
}

const dead = (subnet: BuildSubnet, ways: Ways, { route }: Way, what: string): Sight =>
  isDropped(route) ? sightOf(subnet, ways, route, what) : noWay(subnet);

/** A route of the user's that keeps public addresses in the network leads nowhere. */
const isDeadEnd = ({ kind }: Way) => kind === "dead-end" || kind === "network";
const isDropped = (route: Route | undefined): route is Route =>
  ["none", "vnetlocal", "virtualnetworkgateway"].includes(route?.nextHopType?.toLowerCase() ?? "");

/** Why nobody here knows by which way what goes out leaves. */
function undecided(
  { natGatewayId }: BuildSubnet,
  { learnt, hasNatGateway }: Ways,
  { route }: Way,
  parts: readonly Way[],
): Pick<Sight, "seen" | "mend"> {
  if (natGatewayId && hasNatGateway === undefined)
    return {
      seen: `The subnet is private, and its NAT gateway ${nameOf(natGatewayId)} is not seen from here.`,
      mend: "Look whether the NAT gateway is there, and attached to the subnet.",
    };
  return {
    seen: learnt
      ? `What goes to the Internet leaves by several routes: ${parts.map((one) => one.route?.name).join(", ")}.`
      : `What goes to the Internet may leave by routes that a gateway learns, or by the route ${route?.name}.`,
    mend: "Look at the effective routes of a machine in the subnet, and check the way that they name.",
  };
}

/** @returns what was seen of an appliance that is in no network nearby; undefined where it is, or may be. */
function outOfReach(
  { address, route }: Way & { kind: "appliance" },
  network: VirtualNetwork | undefined,
): string | undefined {
  if (!network) return undefined;
  if (!spaceOfNetwork(network).isComplete || holdAddress(routedPrefixes(network), address)) return undefined;
  const lost = network.peerings.find((peering) => holdAddress(peering.prefixes, address));
  const why = lost ? `the peering ${lost.name} is ${lost.state}` : "no peering leads to it";
  return `The route ${route.name} leads to ${address || "no address"}, which is not in the network: ${why}.`;
}

function holdAddress(prefixes: readonly string[], address: string): boolean {
  const hop = parseRange(address);
  return prefixes.map(parseRange).some((range) => range && hop && matchRange(range, hop) === "all");
}

function noWay({ id, natGatewayId, natGateway }: BuildSubnet): Sight {
  const lacksAddress = valueOf(natGateway)?.hasAddress === false;
  const gateway = natGatewayId
    ? `a NAT gateway, ${nameOf(natGatewayId)}, that ${lacksAddress ? "has no public address" : "is not attached to it"}`
    : "no NAT gateway";
  if (natGatewayId && lacksAddress) {
    return {
      resource: natGatewayId,
      seen: `The subnet ${nameOf(id)} is private: it has no default outbound access, ${gateway} and no route to an appliance.`,
      mend: "Give the NAT gateway a public IP address or prefix.",
      command: az`network nat gateway update ${whereOf(natGatewayId)} --name ${nameOf(natGatewayId)} --public-ip-addresses ${PUBLIC_ADDRESS}`,
      bicep: bicepProperties(`the NAT gateway ${natGatewayId}`, { publicIpAddresses: [{ id: PUBLIC_ADDRESS }] }),
    };
  }
  return {
    resource: id,
    seen: `The subnet is private: it has no default outbound access, ${gateway} and no route to an appliance.`,
    mend: "Attach a NAT gateway to the subnet, or a route table that leads to a firewall.",
    command: updateSubnet(id, "--nat-gateway", "<name of a NAT gateway>"),
    bicep: bicepProperties(`the subnet ${id}`, { natGateway: { id: "<id of a NAT gateway>" } }),
  };
}

function sightOf({ id, routeTableId = "" }: BuildSubnet, ways: Ways, route: Route, what: string): Sight {
  const { name = "", addressPrefix = "0.0.0.0/0", nextHopType = "" } = route;
  const isGateway = nextHopType.toLowerCase() === "virtualnetworkgateway";
  // From a private subnet nothing goes to the Internet by itself.
  const isPrivate = !ways.defaultOutboundAccess && !ways.hasNatGateway;
  const [hop, options, address] = isPrivate
    ? (["VirtualAppliance", ["--next-hop-ip-address", APPLIANCE], { nextHopIpAddress: APPLIANCE }] as const)
    : (["Internet", [], {}] as const);
  return {
    resource: routeTableId || id,
    seen: `The route ${name} to ${addressPrefix} drops what goes to ${what}${isGateway ? ": the network has no virtual network gateway" : ""}.`,
    mend: isPrivate
      ? `Give the route ${name} a firewall as its next hop: the subnet is private, without a NAT gateway.`
      : `Give the route ${name} a next hop: a firewall, or Internet.`,
    command:
      az`network route-table route update ${whereOf(routeTableId)} --route-table-name ${nameOf(routeTableId)} --name ${name} --next-hop-type ${hop} ${options}`.trimEnd(),
    bicep: bicepChild(routeTableId, symbolOf(name), "Microsoft.Network/routeTables/routes@2024-05-01", {
      name: `${nameOf(routeTableId)}/${name}`,
      properties: { addressPrefix, nextHopType: hop, ...address },
    }),
  };
}

const PUBLIC_ADDRESS = "<id of a public IP address>";
const APPLIANCE = "<private address of a firewall>";
