/** Set-ups of the documents that this project comes from: on none of them does any rule find anything, not even a note. */
import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import type { FirewallRule } from "../../../../src/domain/network/firewall.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import { mapObserved } from "../../../../src/domain/preflight/observed.ts";
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
  isOfVirtualNetwork: true,
};
const forced = (rules: typeof LEAST, disableBgpRoutePropagation: boolean, build: Partial<Subnet> = {}) => {
  const route = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" };
  return plain(rules, {
    ...network({ routeTableId, defaultOutboundAccess: false, ...build }, { peerings: [hub] }),
    routeTables: [found(routeTableId, { routes: [{ name: "fw", ...route }], disableBgpRoutePropagation })],
    firewalls: [seenFirewall("10.9.0.4", found(policy.id, policy))],
  });
};

const network445 = (destinations: readonly string[]): FirewallRule => ({
  kind: "network",
  name: "files",
  sources: ["*"],
  sourceGroups: [],
  protocols: ["TCP"],
  ports: ["445"],
  destinations,
  destinationGroups: [],
  fqdns: [],
});
/** Two subnets that are both forced there. */
const isolatedForced = () => {
  const there = isolated(aptToo, ISOLATED_CONTAINERS, { routeTableId, defaultOutboundAccess: false });
  const files = network445(["Storage"]);
  const { routeTables } = forced(LEAST, true);
  const { value } = there.virtualNetwork as Extract<Ground["virtualNetwork"], { kind: "found" }>;
  return {
    ...there,
    virtualNetwork: found(networkId, { ...value, peerings: [hub] }),
    routeTables,
    firewalls: [
      seenFirewall("10.9.0.4", found(policy.id, { ...policy, groups: [...policy.groups, ...allowing(files).groups] })),
    ],
  };
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

const GOOD: [string, Ground][] = [
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
  ["in a /28 with the last four addresses", plain(LEAST, { subnetUsages: found(networkId, [{ subnetId, free: 4 }]) })],
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
  [
    "with image builder's own sample of a rule, for the proxy's ports of both systems",
    plain([
      ...leastWithout("60001", "Inbound"),
      securityRule("Inbound", 400, "AzureLoadBalancer", "VirtualNetwork", "60000-60001"),
      securityRule("Inbound", 410, "VirtualNetwork", "VirtualNetwork", "60000-60001"),
    ]),
  ],
  ["in two subnets that are both forced to a firewall", isolatedForced()],
  ["in two subnets without any rule but the default ones", isolated([], [])],
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
];

describe("nothing is found", () => {
  it.each(GOOD)("%s", (_, good) => {
    expect(checkGround(good)).toEqual([]);
  });
});

/** Image builder reaches Windows by other ports. */
const PORTS: Record<string, string> = { 60001: "60000", 22: "5986" };

function onWindows(good: Ground): Ground {
  const system = { operatingSystem: "Windows" as const };
  return {
    ...good,
    securityGroups: good.securityGroups.map((group) =>
      mapObserved(group, ({ securityRules = [] }) => ({
        securityRules: securityRules.map(({ destinationPortRange: port = "", ...one }) => ({
          ...one,
          destinationPortRange: PORTS[port] ?? port,
        })),
      })),
    ),
    sourceImage: mapObserved(good.sourceImage, (image) => ({ ...image, ...system })),
    definitions: good.definitions.map((one) => ({
      ...one,
      definition: mapObserved(one.definition, (definition) => ({ ...definition, ...system })),
    })),
  };
}

describe("nothing is found of Windows but that the recipe's customizers do not run there", () => {
  it.each(GOOD)("%s", (_, good) => {
    expect(checkGround(onWindows(good)).map(({ code }) => code)).toEqual(["customizer-unfit"]);
  });
});

it("finds the ports of Linux wanting where Windows is built", () => {
  const least = plain(LEAST);
  const codes = checkGround({ ...onWindows(least), securityGroups: least.securityGroups }).map(({ code }) => code);
  expect(codes.filter((code) => code === "flow-denied")).toHaveLength(4);
});
