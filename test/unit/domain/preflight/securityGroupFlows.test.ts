import { describe, expect, it } from "vitest";
import type { SecurityRule } from "../../../../src/domain/network/observed.ts";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { securityGroupFlows } from "../../../../src/domain/preflight/securityGroupFlows.ts";
import {
  containerSubnet,
  found,
  ground,
  isolatedPlan,
  networkId,
  planOf,
  refused,
  routeTableId,
  secrets,
  securityGroupId,
  subnet,
  virtualNetwork,
  withSecurityGroup,
  withSubnet,
} from "../../../support/ground.ts";
import { ISOLATED_BUILD, ISOLATED_CONTAINERS, LEAST, leastWithout, securityRule } from "../../../support/leastRules.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const egress = (...ports: number[]) => planOf({}, { egress: [{ name: "archive.ubuntu.com", ports }] });
const withRules = (securityRules: readonly SecurityRule[], plan = planOf()) =>
  withSecurityGroup({ securityRules }, { plan });

const closed = (priority: number) => securityRule("Outbound", priority, "*", "Internet", "*", "Deny");

/** Denies by default also outwards, but for service tags. */
const TAGS_ONLY = [
  ...leastWithout("443", "Outbound"),
  ...["Storage", "AzureResourceManager", "AzureKeyVault"].map((tag, index) =>
    securityRule("Outbound", 500 + index, "VirtualNetwork", tag, "443"),
  ),
];

const containerGroupId = `${securityGroupId}-containers`;
const isolatedWith = (build: readonly SecurityRule[], containers: readonly SecurityRule[]) =>
  ground({
    plan: isolatedPlan(),
    virtualNetwork: found(
      networkId,
      virtualNetwork({
        subnets: [subnet({ securityGroupId }), containerSubnet({ securityGroupId: containerGroupId })],
      }),
    ),
    securityGroups: [
      found(securityGroupId, { securityRules: build }),
      found(containerGroupId, { securityRules: containers }),
    ],
  });
const isolatedVault = (build: readonly SecurityRule[]) => ({
  ...isolatedWith(build, ISOLATED_CONTAINERS),
  plan: isolatedPlan({ egress: [{ name: "own.vault.azure.net", ports: [443] }] }),
});
const isolatedSecrets = (build: readonly SecurityRule[], egress: Parameters<typeof isolatedPlan>[0] = {}) => ({
  ...isolatedWith(build, ISOLATED_CONTAINERS),
  plan: isolatedPlan({ secrets, ...egress }),
});
const without = (rules: readonly SecurityRule[], port: string) =>
  rules.filter((one) => one.destinationPortRange !== port);

const asking = (dnsServers: string[], ...rules: SecurityRule[]) => ({
  ...withRules([...LEAST, ...rules]),
  virtualNetwork: found(networkId, virtualNetwork({ dnsServers, subnets: [subnet({ securityGroupId })] })),
});

describe("the flows of a build", () =>
  ruleCases(securityGroupFlows, [
    ["need no rule for names that Azure itself is asked", asking([])],
    ["need none for Azure's own server where it is named", asking(["168.63.129.16"])],
    [
      "need one to each DNS server of the network's own",
      asking(["10.9.0.4", "10.9.0.5"]),
      "flow-denied",
      "flow-denied",
    ],
    [
      "pass to a DNS server by UDP",
      asking(["10.9.0.4"], {
        ...securityRule("Outbound", 600, "VirtualNetwork", "10.9.0.0/24", "53"),
        protocol: "Udp",
      }),
    ],
    [
      "pass where one of several DNS servers is let through to, which machines turn to",
      asking(["10.9.0.4", "10.9.0.5"], {
        ...securityRule("Outbound", 600, "VirtualNetwork", "10.9.0.5", "53"),
        protocol: "Udp",
      }),
    ],
    [
      "are not let through to it by TCP alone",
      asking(["10.9.0.4"], securityRule("Outbound", 600, "VirtualNetwork", "10.9.0.0/24", "53")),
      "flow-denied",
    ],
    ["pass without a group", ground()],
    ["pass with the default rules only", withRules([])],
    ["pass with the least rules of the documents", withRules(LEAST)],
    ["pass with port 80 for what the recipe reaches there", withRules(LEAST, egress(80))],
    ["pass without it where the recipe reaches nothing there", withRules(leastWithout("80", "Outbound"))],
    ["pass with the least rules for two subnets", isolatedWith(ISOLATED_BUILD, ISOLATED_CONTAINERS)],
    [
      "pass where files go to storage only",
      isolatedWith(ISOLATED_BUILD, [
        ...without(ISOLATED_CONTAINERS, "445"),
        securityRule("Outbound", 430, "VirtualNetwork", "Storage", "445"),
      ]),
    ],
    [
      "pass in a subnet that has an IPv6 prefix as well, which image builder does not use",
      withSubnet(
        { securityGroupId, addressPrefixes: ["10.0.0.0/28", "fd00::/64"] },
        { securityGroups: [found(securityGroupId, { securityRules: LEAST })] },
      ),
    ],
    [
      "cannot be told where the group is not shown",
      withSubnet({ securityGroupId }, { securityGroups: [refused(securityGroupId)] }),
    ],
    [
      "pass where only the service tags are open that cover the recipe's names",
      withRules(TAGS_ONLY, planOf({}, { egress: [{ name: "vault.vault.azure.net", ports: [443] }] })),
    ],
    [
      "are not certain where a name of the recipe's is in none of them",
      withRules(TAGS_ONLY, planOf({}, { egress: [{ name: "github.com", ports: [443] }] })),
      "flow-undecided",
    ],
    [
      "pass where only storage of the build's region is open for image builder's own",
      withRules(
        TAGS_ONLY.map((one) =>
          one.destinationAddressPrefix === "Storage" ? { ...one, destinationAddressPrefix: "Storage.WestEurope" } : one,
        ),
        planOf({}, { egress: [{ name: "vault.vault.azure.net", ports: [443] }] }),
      ),
    ],
    [
      "pass where only IPv6 is denied, which image builder does not use",
      withRules([
        securityRule("Outbound", 100, "*", "::/0", "*", "Deny"),
        securityRule("Inbound", 100, "::/0", "*", "*", "Deny"),
        ...LEAST,
      ]),
    ],
    [
      "pass where the Internet is open by its two halves",
      withRules([
        ...leastWithout("443", "Outbound"),
        {
          ...securityRule("Outbound", 400, "VirtualNetwork", "", "443"),
          destinationAddressPrefixes: ["128.0.0.0/1", "0.0.0.0/1"],
        },
      ]),
    ],
    ["fail without 22 inwards", withRules(leastWithout("22", "Inbound")), "flow-denied"],
    [
      "fail where no priority is free for what would mend them",
      withRules([securityRule("Inbound", 100, "*", "*", "22", "Deny")]),
      "flow-denied",
    ],
    [
      "are not certain with such a rule of a service tag that nobody here knows",
      withRules([securityRule("Outbound", 100, "*", "NobodyKnowsThis", "443", "Deny")]),
      "flow-undecided",
    ],
    ["fail without 22 outwards", withRules(leastWithout("22", "Outbound")), "flow-denied"],
    [
      "fail without the proxy's port, for load balancer and link",
      withRules(leastWithout("60001", "Inbound")),
      "flow-denied",
      "flow-denied",
    ],
    [
      "pass without the load balancer's own rule, whose address counts as the network's",
      withRules(LEAST.filter(({ sourceAddressPrefix }) => sourceAddressPrefix !== "AzureLoadBalancer")),
    ],
    [
      "fail where the load balancer is denied by its address",
      withRules([securityRule("Inbound", 150, "168.63.129.16", "*", "60001", "Deny"), ...LEAST]),
      "flow-denied",
    ],
    ["fail without 443 outwards", withRules(leastWithout("443", "Outbound")), "flow-denied"],
    ["fail without 80 where the recipe needs it", withRules(leastWithout("80", "Outbound"), egress(80)), "flow-denied"],
    [
      "are not certain where 443 is open to a service tag only",
      withRules([
        ...leastWithout("443", "Outbound"),
        securityRule("Outbound", 400, "VirtualNetwork", "Storage", "443"),
      ]),
      "flow-undecided",
    ],
    [
      "pass where only machines of an application security group are denied: image builder's are in none",
      withRules([
        { ...securityRule("Inbound", 200, "", "*", "*", "Deny"), sourceApplicationSecurityGroups: [{ id: "/asg" }] },
        ...LEAST,
      ]),
    ],
    [
      "are not certain with a service tag that nobody here knows",
      withRules([securityRule("Outbound", 150, "*", "SomeNewService", "443", "Deny"), ...LEAST]),
      "flow-undecided",
    ],
    [
      "pass with the least rules where all traffic is forced to a firewall",
      {
        ...withSubnet(
          { securityGroupId, routeTableId },
          {
            securityGroups: [found(securityGroupId, { securityRules: LEAST })],
            routeTables: [
              found(routeTableId, {
                routes: [
                  {
                    name: "fw",
                    addressPrefix: "0.0.0.0/0",
                    nextHopType: "VirtualAppliance",
                    nextHopIpAddress: "10.9.0.4",
                  },
                ],
                disableBgpRoutePropagation: true,
              }),
            ],
          },
        ),
      },
    ],
    [
      "fail where the container does not reach the build VM",
      isolatedWith(ISOLATED_BUILD, without(ISOLATED_CONTAINERS, "22")),
      "flow-denied",
    ],
    [
      "fail where the build VM does not let it in",
      isolatedWith(without(ISOLATED_BUILD, "22"), ISOLATED_CONTAINERS),
      "flow-denied",
    ],
    [
      "fail where the container does not reach its files",
      isolatedWith(ISOLATED_BUILD, without(ISOLATED_CONTAINERS, "445")),
      "flow-denied",
    ],
    [
      "fail where the container does not reach Azure",
      isolatedWith(ISOLATED_BUILD, without(ISOLATED_CONTAINERS, "443")),
      "flow-denied",
    ],
    [
      "may fail where the build VM is closed outwards, and the recipe does not list what it reaches",
      isolatedWith([...ISOLATED_BUILD, closed(200)], ISOLATED_CONTAINERS),
      "unlisted-flow-denied",
    ],
    [
      "may fail by a rule that none can come before",
      isolatedWith([...ISOLATED_BUILD, closed(100)], ISOLATED_CONTAINERS),
      "unlisted-flow-denied",
    ],
    [
      "pass where it is closed but for what the recipe lists: image builder needs nothing from there",
      isolatedVault([
        ...ISOLATED_BUILD,
        securityRule("Outbound", 150, "VirtualNetwork", "AzureKeyVault", "443"),
        closed(200),
      ]),
    ],
    [
      "fail where it is closed for what the recipe lists",
      isolatedVault([...ISOLATED_BUILD, closed(200)]),
      "flow-denied",
    ],
    [
      "fail for what is listed where it is closed, and may for the vault of the recipe's secrets, unless it has a private endpoint",
      isolatedSecrets([...ISOLATED_BUILD, closed(200)], {
        egress: [{ name: "a.blob.core.windows.net", ports: [443] }],
      }),
      "flow-denied",
      "flow-undecided",
    ],
    [
      "fail where it is closed for that vault and another that the recipe lists",
      isolatedSecrets([...ISOLATED_BUILD, closed(200)], { egress: [{ name: "own.vault.azure.net", ports: [443] }] }),
      "flow-denied",
    ],
    [
      "may fail where nothing is listed and all is closed",
      isolatedSecrets([...ISOLATED_BUILD, closed(200)]),
      "unlisted-flow-denied",
    ],
  ]));

const told = (rules: readonly SecurityRule[]) => checkGround(withRules(rules));

describe("a flow that is denied", () => {
  it("is told with the rule that denies it, also within the network", () => {
    expect(told(leastWithout("22", "Inbound")).map(({ seen }) => seen)).toEqual([
      "Inbound TCP 22 from VirtualNetwork to VirtualNetwork, by which the proxy VM reaches the build VM, is denied, " +
        "by the rule deny-inbound-*.",
    ]);
  });

  it("is mended by a rule with a free priority before that", () => {
    const [finding] = told([...leastWithout("22", "Inbound"), securityRule("Inbound", 4095, "*", "*", "81")]);
    expect(finding?.command).toContain(
      "--resource-group rg-network --nsg-name nsg --name allow-proxy-to-build --priority 4094 " +
        "--direction Inbound --access Allow --protocol Tcp --source-address-prefixes VirtualNetwork " +
        "--destination-address-prefixes VirtualNetwork --destination-port-ranges 22",
    );
    expect(finding?.bicep).toContain("priority: 4094");
  });

  it("passes once that rule is there", () => {
    const mended = securityRule("Inbound", 4094, "VirtualNetwork", "VirtualNetwork", "22");
    expect(told([...leastWithout("22", "Inbound"), mended])).toEqual([]);
  });

  it("is told with the service tag that covers the recipe's names, or that none does", () => {
    const names = [
      { name: "github.com", ports: [443] },
      { name: "vault.vault.azure.net", ports: [443] },
    ];
    const findings = checkGround(withRules(leastWithout("443", "Outbound"), planOf({}, { egress: names })));
    const [storage, manager, internet, vault] = findings;
    expect(storage?.command).toContain(
      "--destination-address-prefixes Storage.westeurope --destination-port-ranges 443",
    );
    expect(manager?.command).toContain("--destination-address-prefixes AzureResourceManager");
    expect(internet?.seen).toContain("github.com, which no service tag covers");
    expect(vault?.command).toContain("--destination-address-prefixes AzureKeyVault");
  });

  it("needs room where no priority is free", () => {
    const [finding] = told([securityRule("Inbound", 100, "*", "*", "*", "Deny")]);
    expect(finding?.mend).toMatch(/^Make room before the rule deny-inbound-\*/);
    expect(finding?.command).toBeUndefined();
  });
});
