/** Set-ups of the documents that this project comes from: on none of them does any rule find anything, not even a note. */
import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import type { Subnet } from "../../../../src/domain/preflight/virtualNetwork.ts";
import { allowing, application } from "../../../support/firewallPolicies.ts";
import {
  attached,
  containerSubnet,
  containerSubnetId,
  found,
  ground,
  isolatedPlan,
  natGatewayId,
  networkId,
  ownNetworkPlan,
  planOf,
  routeTableId,
  securityGroupId,
  seenFirewall,
  subnet,
  subnetId,
  virtualNetwork,
} from "../../../support/ground.ts";
import { ISOLATED_BUILD, ISOLATED_CONTAINERS, LEAST, leastWithout, securityRule } from "../../../support/leastRules.ts";
import { sampleRecipe } from "../../../support/plan.ts";

/** What the jump box reaches, on top of a firewall's own names. */
const JUMP_BOX = {
  443: [
    "*.blob.core.windows.net",
    "management.azure.com",
    "packages.microsoft.com",
    "azurecliprod.blob.core.windows.net",
    "aka.ms",
    "storage.googleapis.com",
    "api.github.com",
    "github.com",
    "github-releases.githubusercontent.com",
    "raw.githubusercontent.com",
    "get.helm.sh",
    "releases.hashicorp.com",
  ],
  80: ["azure.archive.ubuntu.com", "archive.ubuntu.com", "security.ubuntu.com", "packages.microsoft.com"],
};
const jumpBox = planOf(
  {},
  {
    egress: Object.entries(JUMP_BOX).flatMap(([port, names]) => names.map((name) => ({ name, ports: [Number(port)] }))),
  },
);

const group = (rules: typeof LEAST) => [found(securityGroupId, { securityRules: rules })];
const network = (build: Partial<Subnet>, more: Parameters<typeof virtualNetwork>[0] = {}) => ({
  virtualNetwork: found(
    networkId,
    virtualNetwork({ subnets: [subnet({ securityGroupId, ...build }), containerSubnet()], ...more }),
  ),
});
const plain = (rules: typeof LEAST, changes: Partial<Ground> = {}, build: Partial<Subnet> = {}) =>
  ground({ plan: jumpBox, securityGroups: group(rules), ...network(build), ...changes });

/** Everything goes to a firewall in a peered hub, which lets out the names that the jump box reaches, and no others. */
const policy = allowing(
  application(JUMP_BOX[443]),
  application(JUMP_BOX[80], { protocols: [{ type: "Http", port: 80 }] }),
);
const hub = {
  name: "hub",
  remoteId: networkId.replace("vnet", "hub"),
  state: "Connected",
  prefixes: ["10.9.0.0/16"],
  usesRemoteGateway: false,
};
const forced = (rules: typeof LEAST, disableBgpRoutePropagation: boolean, build: Partial<Subnet> = {}) => {
  const route = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" };
  return plain(rules, {
    ...network({ routeTableId, defaultOutboundAccess: false, ...build }, { peerings: [hub] }),
    routeTables: [found(routeTableId, { routes: [{ name: "fw", ...route }], disableBgpRoutePropagation })],
    firewalls: [seenFirewall("10.9.0.4", found(policy.id, policy))],
  });
};

const isolated = (build: typeof LEAST, containers: typeof LEAST, changes: Partial<Subnet> = {}) => {
  const containerGroupId = `${securityGroupId}-containers`;
  const subnets = [
    subnet({ securityGroupId, ...changes }),
    containerSubnet({ securityGroupId: containerGroupId, ...changes }),
  ];
  return ground({
    plan: isolatedPlan({ egress: jumpBox.egress.map(({ name, ports }) => ({ name, ports: [...ports] })) }),
    virtualNetwork: found(networkId, virtualNetwork({ subnets })),
    securityGroups: [...group(build), found(containerGroupId, { securityRules: containers })],
  });
};

const aptToo = [...ISOLATED_BUILD, securityRule("Outbound", 405, "10.0.0.0/28", "Internet", "80")];
/** No name of the Internet's, and only tags let out. */
const TAGS_ONLY = ["Storage", "AzureResourceManager"].map((tag, index) =>
  securityRule("Outbound", 500 + index, "VirtualNetwork", tag, "443"),
);
const serviceEndpoints = [{ service: "Microsoft.Storage", locations: ["westeurope", "northeurope"] }];

describe("nothing is found", () => {
  it.each<[string, Ground]>([
    ["in one subnet with the least rules of the jump box", plain(LEAST)],
    [
      "with them for the sample recipe as it is today",
      plain(LEAST, { plan: planOf({}, { egress: sampleRecipe().egress }) }),
    ],
    [
      "with them without port 80, which a recipe does not need",
      plain(leastWithout("80", "Outbound"), { plan: planOf() }),
    ],
    ["without any rule but the default ones", plain([])],
    ["without a group", plain([], {}, { securityGroupId: undefined })],
    [
      "in a /28 with the last four addresses",
      plain(LEAST, { subnetUsages: found(networkId, [{ subnetId, free: 4 }]) }),
    ],
    [
      "in a private subnet with a NAT gateway",
      plain(LEAST, { natGateways: attached(subnetId) }, { defaultOutboundAccess: false, natGatewayId }),
    ],
    [
      "with a route table of no routes",
      plain(
        LEAST,
        { routeTables: [found(routeTableId, { routes: [], disableBgpRoutePropagation: false })] },
        { routeTableId },
      ),
    ],
    ["where all traffic is forced to a firewall", forced(LEAST, true)],
    ["where it is forced and routes of gateways are taken", forced(LEAST, false)],
    ["where it is forced and the group has the default rules only", forced([], true)],
    ["where it is forced, and storage is reached by a service endpoint", forced(LEAST, true, { serviceEndpoints })],
    [
      "where only service tags are let out, for a recipe that reaches nothing else",
      plain([...leastWithout("443", "Outbound"), ...TAGS_ONLY], {
        plan: planOf({}, { egress: [{ name: "own.blob.core.windows.net", ports: [443] }] }),
      }),
    ],
    ["in two subnets with the least rules of image builder's page", isolated(aptToo, ISOLATED_CONTAINERS)],
    [
      "in two private subnets with a NAT gateway",
      {
        ...isolated(aptToo, ISOLATED_CONTAINERS, { defaultOutboundAccess: false, natGatewayId }),
        natGateways: attached(subnetId, containerSubnetId),
      },
    ],
    [
      "in two subnets with the last addresses",
      {
        ...isolated([], []),
        subnetUsages: found(networkId, [
          { subnetId, free: 1 },
          { subnetId: containerSubnetId, free: 1 },
        ]),
      },
    ],
    ["in a network of image builder's own", ground({ plan: ownNetworkPlan() })],
  ])("%s", (_, good) => {
    expect(checkGround(good)).toEqual([]);
  });
});
