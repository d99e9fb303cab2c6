import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { wayOut } from "../../../../src/domain/preflight/wayOut.ts";
import {
  found,
  networkId,
  refused,
  routeTableId,
  subnet,
  virtualNetwork,
  withRoutes,
  withSubnet,
} from "../../../support/ground.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const route = (nextHopType: string, nextHopIpAddress = "") => [
  { name: "out", addressPrefix: "0.0.0.0/0", nextHopType, ...(nextHopIpAddress && { nextHopIpAddress }) },
];
const gateway = subnet({ id: `${networkId}/subnets/GatewaySubnet`, name: "GatewaySubnet" });
const behindGateway = (changes = {}) => ({
  virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet(changes), gateway] })),
});
const peering = {
  name: "hub",
  remoteId: undefined,
  state: "Connected",
  prefixes: ["10.9.0.0/16"],
  usesRemoteGateway: true,
};
const peered = (changes = {}) =>
  withSubnet({}, { virtualNetwork: found(networkId, virtualNetwork({ peerings: [{ ...peering, ...changes }] })) });

describe("the way out", () =>
  ruleCases(wayOut, [
    ["is there by default", withSubnet({})],
    ["is there by a NAT gateway", withSubnet({ defaultOutboundAccess: false, natGatewayId: "/nat" })],
    ["is there where traffic is forced to a firewall", withRoutes(route("VirtualAppliance", "10.9.0.4"))],
    ["is there where it is forced to a gateway", withRoutes(route("VirtualNetworkGateway"))],
    [
      "is the subnet's own before what a gateway learns",
      { ...withRoutes(route("Internet")), ...behindGateway({ routeTableId }) },
    ],
    [
      "is Azure's own where the route table takes nothing that is learnt",
      { ...withRoutes([], { disableBgpRoutePropagation: true }), ...behindGateway({ routeTableId }) },
    ],
    ["is Azure's own beside a peer whose gateway is not used", peered({ usesRemoteGateway: false })],
    ["is Azure's own beside a peer that is gone", peered({ state: "Disconnected" })],
    [
      "cannot be told where the route table is not shown",
      withSubnet({ routeTableId }, { routeTables: [refused(routeTableId)] }),
    ],
    ["may be learnt from a gateway", withSubnet({}, behindGateway()), "way-out-undecided"],
    ["may be learnt from a peer's", peered(), "way-out-undecided"],
    ["is none by a route to None", withRoutes(route("None")), "route-dead-end"],
    [
      "is none to storage where that is dropped by its service tag",
      withRoutes([
        ...route("VirtualAppliance", "10.9.0.4"),
        { name: "s", addressPrefix: "Storage", nextHopType: "None" },
      ]),
      "way-out-undecided",
      "route-dead-end",
    ],
    [
      "is there past that by a service endpoint, and unknown to the rest",
      {
        ...withRoutes([{ name: "s", addressPrefix: "Storage", nextHopType: "None" }]),
        virtualNetwork: found(
          networkId,
          virtualNetwork({
            subnets: [
              subnet({ routeTableId, serviceEndpoints: [{ service: "Microsoft.Storage", locations: ["westeurope"] }] }),
            ],
          }),
        ),
      },
      "way-out-undecided",
    ],
    [
      "is none from a private subnet by a service endpoint alone",
      withSubnet({
        defaultOutboundAccess: false,
        serviceEndpoints: [{ service: "Microsoft.Storage", locations: ["westeurope"] }],
      }),
      "no-way-out",
    ],
    [
      "may be there where only some addresses are dropped",
      withRoutes([{ name: "some", addressPrefix: "20.60.0.0/16", nextHopType: "None" }]),
    ],
    ["is none in a private subnet", withSubnet({ defaultOutboundAccess: false }), "no-way-out"],
  ]));

describe("a dead end", () => {
  it("is told with the route, and mended by a next hop", () => {
    const [finding] = checkGround(withRoutes(route("None")));
    expect(finding?.seen).toBe("The route out drops what goes to the Internet.");
    expect(finding?.command).toContain("--route-table-name rt --name out --next-hop-type Internet");
  });
});
