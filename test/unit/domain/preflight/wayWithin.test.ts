import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { wayWithin } from "../../../../src/domain/preflight/wayWithin.ts";
import {
  containerSubnet,
  found,
  ground,
  isolatedPlan,
  networkId,
  refused,
  routeTableId,
  subnet,
  virtualNetwork,
  withRoutes,
  withSubnet,
} from "../../../support/ground.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const to = (addressPrefix: string, nextHopType: string) => ({
  name: nextHopType.toLowerCase(),
  addressPrefix,
  nextHopType,
  ...(nextHopType === "VirtualAppliance" && { nextHopIpAddress: "10.0.0.68" }),
});
/** Two subnets of which the container's has routes. */
const isolated = (...routes: ReturnType<typeof to>[]) =>
  ground({
    plan: isolatedPlan(),
    virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet(), containerSubnet({ routeTableId })] })),
    routeTables: [found(routeTableId, { routes, disableBgpRoutePropagation: false })],
  });

describe("the way within the network", () =>
  ruleCases(wayWithin, [
    ["is the network's own without a route table", ground()],
    ["is its own where all else is forced to a firewall", withRoutes([to("0.0.0.0/0", "VirtualAppliance")])],
    [
      "is its own where the network is forced there, but for the subnet",
      withRoutes([to("10.0.0.0/24", "VirtualAppliance"), to("10.0.0.0/28", "VnetLocal")]),
    ],
    ["is its own whatever a gateway learns", withSubnet({}, gateway())],
    [
      "cannot be told where the route table is not shown",
      withSubnet({ routeTableId }, { routeTables: [refused(routeTableId)] }),
    ],
    ["is none where the network is dropped", withRoutes([to("10.0.0.0/24", "None")]), "inner-route-dead-end"],
    [
      "is not its own where the network is forced to a firewall",
      withRoutes([to("10.0.0.0/24", "VirtualAppliance")]),
      "inner-route-away",
    ],
    [
      "cannot be told where a part of the subnet goes elsewhere",
      withRoutes([to("10.0.0.8/29", "VirtualAppliance")]),
      "inner-route-undecided",
    ],
    [
      "may be none where a part of the subnet is dropped",
      withRoutes([to("10.0.0.8/29", "None")]),
      "inner-route-part-dropped",
    ],
    [
      "is none where it is dropped part by part",
      withRoutes([
        { ...to("10.0.0.0/29", "None"), name: "one" },
        { ...to("10.0.0.8/29", "None"), name: "other" },
      ]),
      "inner-route-dead-end",
      "inner-route-dead-end",
    ],
    [
      "may be none where what is not led to a firewall is dropped",
      withRoutes([to("10.0.0.0/24", "None"), to("10.0.0.8/29", "VirtualAppliance")]),
      "inner-route-part-dropped",
      "inner-route-undecided",
    ],
    [
      "may be none in each part that is dropped of what goes to a firewall",
      withRoutes([
        to("10.0.0.0/24", "VirtualAppliance"),
        { ...to("10.0.0.0/30", "None"), name: "one" },
        { ...to("10.0.0.12/30", "None"), name: "other" },
      ]),
      "inner-route-part-dropped",
      "inner-route-undecided",
      "inner-route-part-dropped",
    ],
    ["is its own where a part of the subnet has a route that says so", withRoutes([to("10.0.0.8/29", "VnetLocal")])],
    ["is none from the container to the build VM", isolated(to("10.0.0.0/28", "None")), "inner-route-dead-end"],
    ["is its own where the container's subnet alone is dropped to itself", isolated(to("10.0.0.16/28", "None"))],
  ]));

function gateway() {
  const its = subnet({ id: `${networkId}/subnets/GatewaySubnet`, name: "GatewaySubnet" });
  return { virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet(), its] })) };
}

describe("a way that leads out of the network", () => {
  it("is mended by a route for the subnet itself", () => {
    const [finding] = checkGround(withRoutes([to("10.0.0.0/24", "None")]));
    expect(finding?.seen).toBe(
      "By the route none to 10.0.0.0/24, what goes from snet-builds to 10.0.0.0/28 has the next hop None.",
    );
    expect(finding?.command).toContain("--address-prefix 10.0.0.0/28 --next-hop-type VnetLocal");
    expect(checkGround(withRoutes([to("10.0.0.0/24", "None"), to("10.0.0.0/28", "VnetLocal")]))).toEqual([]);
  });

  it("is mended by the route for a part of the subnet itself, which is longer than any for the subnet", () => {
    const [finding] = checkGround(withRoutes([to("10.0.0.8/29", "None")]));
    expect(finding?.mend).toBe("Give the route none the virtual network as its next hop.");
    expect(finding?.command).toContain("route update ");
    expect(finding?.bicep).toContain("addressPrefix: '10.0.0.8/29'");
  });
});
