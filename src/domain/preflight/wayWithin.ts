import type { Finding } from "../failure.ts";
import { matchRange, parseRange } from "../network/addresses.ts";
import type { Route } from "../network/observed.ts";
import { partsOf, type Way, wayTo } from "../network/routes.ts";
import { type BuildSubnet, buildSubnets } from "./ground.ts";
import { az, bicepChild, nameOf, symbolOf, whereOf } from "./mends.ts";
import { OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { waysOf } from "./ways.ts";

export const wayWithin = rule({
  name: "way-within",
  holds: "What image builder's machines say to each other is not led out of the network by the user's routes.",
  topologies: OWN_NETWORK,
  findings: {
    "inner-route-dead-end": {
      severity: "blocks",
      owner: "network",
      why: "Proxy or container do not reach the build VM, and image builder waits until it gives up.",
    },
    "inner-route-away": {
      severity: "warns",
      owner: "network",
      why: "Whether an appliance or a gateway hands on what proxy or container and build VM say to each other is not known here.",
    },
    "inner-route-part-dropped": {
      severity: "warns",
      owner: "network",
      why: "A machine that gets one of the addresses which are dropped is not reached, and which it gets is not known ahead.",
    },
    "inner-route-undecided": {
      severity: "notes",
      owner: "network",
      why: "A part of the subnet is led elsewhere, and which addresses the machines get is not known ahead.",
    },
  },
  check(ground, find) {
    const [build, containers] = buildSubnets(ground);
    if (!build) return [];
    // Of both subnets, since answers have to find back; of a single one, to itself.
    const pairs = containers
      ? [
          { from: containers, to: build },
          { from: build, to: containers },
        ]
      : [{ from: build, to: build }];
    return pairs.flatMap(({ from, to }): Finding[] => {
      const ways = waysOf(ground, from);
      if (!ways) return [];
      return to.addressPrefixes.flatMap((prefix): Finding[] => {
        const range = prefix.includes(":") ? undefined : parseRange(prefix);
        if (!range) return [];
        const parts = partsOf(range, ways.routes).map((part) => wayTo(part, ways));
        const isAll = (way: Way) => parts.every(({ kind }) => kind === way.kind);
        // Each route that leads a part away has to change by itself.
        const different = parts.filter((way, at) => parts.findIndex(({ route }) => route === way.route) === at);
        return different.flatMap((way): Finding[] => {
          const code = isAll(way) ? CODES[way.kind] : CODES_OF_PARTS[way.kind];
          return code ? [find(code, sightOf(from, prefix, way))] : [];
        });
      });
    });
  },
});

const CODES = {
  network: undefined,
  "dead-end": "inner-route-dead-end",
  appliance: "inner-route-away",
  gateway: "inner-route-away",
  internet: "inner-route-away",
  service: undefined,
  unknown: "inner-route-undecided",
} as const satisfies Record<Way["kind"], string | undefined>;

/** Where the rest of the subnet goes by another way. */
const CODES_OF_PARTS = {
  ...CODES,
  "dead-end": "inner-route-part-dropped",
  appliance: "inner-route-undecided",
  gateway: "inner-route-undecided",
  internet: "inner-route-undecided",
} as const satisfies typeof CODES | Record<Way["kind"], string | undefined>;

function sightOf({ id, routeTableId = "" }: BuildSubnet, prefix: string, { route }: Way): Sight {
  const { name = "", addressPrefix, nextHopType } = route ?? {};
  // Of one prefix a table takes one route, and a longer one goes on leading its part elsewhere, whatever is added.
  const isItsOwn = isPart(route, prefix);
  const mended = isItsOwn ? name : `within-${prefix.replaceAll(/[^0-9]+/g, "-")}`;
  const table = [...whereOf(routeTableId), "--route-table-name", nameOf(routeTableId), "--name", mended];
  const noAddress = route?.nextHopIpAddress ? ["--next-hop-ip-address", "null"] : [];
  return {
    resource: routeTableId || id,
    seen: `By the route ${name} to ${addressPrefix}, what goes from ${nameOf(id)} to ${prefix} has the next hop ${nextHopType}.`,
    mend: isItsOwn
      ? `Give the route ${name} the virtual network as its next hop.`
      : `Add a route for ${prefix} whose next hop is the virtual network.`,
    command: isItsOwn
      ? az`network route-table route update ${table} --next-hop-type VnetLocal ${noAddress}`.trimEnd()
      : az`network route-table route create ${table} --address-prefix ${prefix} --next-hop-type VnetLocal`,
    bicep: bicepChild(routeTableId, symbolOf(mended), "Microsoft.Network/routeTables/routes@2024-05-01", {
      name: `${nameOf(routeTableId)}/${mended}`,
      properties: { addressPrefix: (isItsOwn && addressPrefix) || prefix, nextHopType: "VnetLocal" },
    }),
  };
}

/** Whether a route is for a prefix or for a part of it. */
function isPart(route: Route | undefined, prefix: string): boolean {
  const [range, whole] = [parseRange(route?.addressPrefix ?? ""), parseRange(prefix)];
  return range !== undefined && whole !== undefined && matchRange(whole, range) === "all";
}
