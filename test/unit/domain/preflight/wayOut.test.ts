import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { wayOut } from "../../../../src/domain/preflight/wayOut.ts";
import {
  absent,
  attached,
  containerSubnet,
  containerSubnetId,
  found,
  isolatedPlan,
  natGatewayId,
  networkId,
  planOf,
  refused,
  routeTableId,
  secrets,
  subnet,
  subnetId,
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
  isOfVirtualNetwork: true,
};
const peered = (changes = {}) =>
  withSubnet({}, { virtualNetwork: found(networkId, virtualNetwork({ peerings: [{ ...peering, ...changes }] })) });

const half = (addressPrefix: string, nextHopType: string, nextHopIpAddress = "") => ({
  name: addressPrefix,
  addressPrefix,
  nextHopType,
  ...(nextHopIpAddress && { nextHopIpAddress }),
});
/** All is forced to an appliance of a hub. @param changes of the peering with it; undefined: there is none. */
const throughHub = (changes: object | undefined) => ({
  ...withRoutes(route("VirtualAppliance", "10.9.0.4")),
  virtualNetwork: found(
    networkId,
    virtualNetwork({ subnets: [subnet({ routeTableId })], peerings: changes ? [{ ...peering, ...changes }] : [] }),
  ),
});

const storage = { name: "a.blob.core.windows.net", ports: [443] };
const vault = { egress: [{ name: "own.vault.azure.net", ports: [443] }] };
/** Nothing goes out but what image builder itself needs. */
const TAGS = [...route("None"), half("Storage", "Internet"), half("AzureResourceManager", "Internet")];
const listing = (name: string, ...routes: ReturnType<typeof half>[]) => ({
  ...withRoutes(routes),
  plan: planOf({}, { egress: [{ name, ports: [443] }] }),
});
/** Two subnets, of which the build VM's has routes. */
const isolated = (routes: ReturnType<typeof route>) => ({
  ...withRoutes(routes),
  plan: isolatedPlan(),
  virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet({ routeTableId }), containerSubnet()] })),
});

const PRIVATE = { defaultOutboundAccess: false, natGatewayId };

describe("the way out", () =>
  ruleCases(wayOut, [
    ["is there by default", withSubnet({})],
    [
      "need not be there for the vault of the recipe's secrets, which may have a private endpoint",
      { ...withRoutes(TAGS), plan: planOf({}, { secrets, egress: [storage] }) },
    ],
    ["is there by a NAT gateway", withSubnet(PRIVATE, { natGateways: attached(subnetId.toUpperCase()) })],
    [
      "is none by a NAT gateway that is attached to other subnets",
      withSubnet(PRIVATE, { natGateways: attached(containerSubnetId) }),
      "no-way-out",
    ],
    [
      "is none by one without a public address",
      withSubnet(PRIVATE, { natGateways: [found(natGatewayId, { subnetIds: [subnetId], hasAddress: false })] }),
      "no-way-out",
    ],
    ["is none by one that is not there", withSubnet(PRIVATE, { natGateways: [absent(natGatewayId)] }), "no-way-out"],
    [
      "may be by one that is not shown",
      withSubnet(PRIVATE, { natGateways: [refused(natGatewayId)] }),
      "way-out-undecided",
    ],
    [
      "is there by default beside one that is not shown",
      withSubnet({ natGatewayId }, { natGateways: [refused(natGatewayId)] }),
    ],
    ["is there where traffic is forced to a firewall", withRoutes(route("VirtualAppliance", "10.0.0.68"))],
    [
      "is there where it is forced to a gateway",
      { ...withRoutes(route("VirtualNetworkGateway")), ...behindGateway({ routeTableId }) },
    ],
    ["is none by a gateway that the network has not", withRoutes(route("VirtualNetworkGateway")), "route-dead-end"],
    [
      "is there by a NAT gateway of the whole network",
      withSubnet(
        {},
        {
          virtualNetwork: found(
            networkId,
            virtualNetwork({ subnets: [subnet({ defaultOutboundAccess: false })], natGatewayId }),
          ),
        },
      ),
    ],
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
        ...route("VirtualAppliance", "10.0.0.68"),
        { name: "s", addressPrefix: "Storage", nextHopType: "None" },
      ]),
      "route-dead-end",
    ],
    [
      "is there past that by a service endpoint",
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
      "is there in part where only some addresses are dropped",
      withRoutes([{ name: "some", addressPrefix: "20.60.0.0/16", nextHopType: "None" }]),
      "way-out-partial",
    ],
    ["is none where public addresses are kept in the network", withRoutes(route("VnetLocal")), "route-dead-end"],
    ["is there in part where half of it is dropped", withRoutes([half("128.0.0.0/1", "None")]), "way-out-partial"],
    [
      "is there in part from a private subnet where only half is led out",
      withSubnet(
        { routeTableId, defaultOutboundAccess: false },
        {
          routeTables: [
            found(routeTableId, {
              routes: [half("0.0.0.0/1", "VirtualAppliance", "10.0.0.68")],
              disableBgpRoutePropagation: true,
            }),
          ],
        },
      ),
      "way-out-partial",
    ],
    [
      "is one where two halves lead to one firewall",
      withRoutes([
        half("0.0.0.0/1", "VirtualAppliance", "10.0.0.68"),
        half("128.0.0.0/1", "VirtualAppliance", "10.0.0.68"),
      ]),
    ],
    [
      "are two where the halves lead to two firewalls",
      withRoutes([
        half("0.0.0.0/1", "VirtualAppliance", "10.0.0.68"),
        half("128.0.0.0/1", "VirtualAppliance", "10.0.0.69"),
      ]),
      "way-out-undecided",
    ],
    ["is there by a firewall of a connected hub", throughHub({ usesRemoteGateway: false })],
    ["may be there where a hub does not tell its prefixes", throughHub({ usesRemoteGateway: false, prefixes: [] })],
    ["is none by a firewall that no peering leads to", throughHub(undefined), "appliance-unreachable"],
    [
      "is none by a firewall of a hub whose peering is not connected yet",
      throughHub({ state: "Initiated" }),
      "appliance-unreachable",
    ],
    ["is none by a firewall of a hub that has left", throughHub({ state: "Disconnected" }), "appliance-unreachable"],
    [
      "need not be there for the build VM of an isolated build, but its customizers may need it",
      isolated(route("None")),
      "unlisted-way-out",
    ],
    [
      "need not be there by an appliance that is out of reach either",
      isolated(route("VirtualAppliance", "10.9.0.4")),
      "unlisted-way-out",
    ],
    [
      "is there where every name that is reached has a service tag, and a route of its own",
      listing("own.vault.azure.net", ...TAGS, half("AzureKeyVault", "Internet")),
    ],
    [
      "may be none where one that is reached has no route of its own",
      listing("own.vault.azure.net", ...TAGS),
      "way-out-partial",
    ],
    ["is none where one that is reached has no service tag", listing("github.com", ...TAGS), "route-dead-end"],
    [
      "is none to the management API where that is dropped by its service tag",
      withRoutes([half("AzureResourceManager", "None")]),
      "route-dead-end",
    ],
    [
      "is none to a name of the recipe's whose service tag is dropped",
      listing("own.vault.azure.net", half("AzureKeyVault", "None")),
      "route-dead-end",
    ],
    [
      "is none from a private subnet to names that all have service tags",
      { ...withSubnet({ defaultOutboundAccess: false }), plan: planOf({}, vault) },
      "no-way-out",
    ],
    ["is none in a private subnet", withSubnet({ defaultOutboundAccess: false }), "no-way-out"],
  ]));

describe("a dead end", () => {
  it("is mended by an appliance where the subnet is private, from which nothing goes to the Internet by itself", () => {
    const isPrivate = found(
      networkId,
      virtualNetwork({ subnets: [subnet({ routeTableId, defaultOutboundAccess: false })] }),
    );
    const [finding] = checkGround({ ...withRoutes(route("None")), virtualNetwork: isPrivate });
    expect(finding?.mend).toBe(
      "Give the route out a firewall as its next hop: the subnet is private, without a NAT gateway.",
    );
    expect(finding?.command).toContain("--next-hop-type VirtualAppliance --next-hop-ip-address ");
  });

  it("is told with the route, and mended by a next hop", () => {
    const [finding] = checkGround(withRoutes(route("None")));
    expect(finding?.seen).toBe("The route out to 0.0.0.0/0 drops what goes to the Internet.");
    expect(finding?.command).toContain("--route-table-name rt --name out --next-hop-type Internet");
  });
});
