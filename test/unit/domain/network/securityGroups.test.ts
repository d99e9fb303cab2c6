import { describe, expect, it } from "vitest";
import { endpointOf, spaceOf } from "../../../../src/domain/network/endpoint.ts";
import type { SecurityRule } from "../../../../src/domain/network/observed.ts";
import { type Flow, groupOf, verdictOf } from "../../../../src/domain/network/securityGroups.ts";

const NETWORK = ["10.40.0.0/22", "fd00:40::/64"];
const SUBNET = "10.40.0.0/27";
const space = spaceOf({ prefixes: NETWORK, isComplete: true });

const rule = (name: string, priority: number, changes: Partial<SecurityRule>): SecurityRule => ({
  name,
  priority,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourcePortRange: "*",
  destinationPortRange: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  ...changes,
});

const flow = (source: string, destination: string, port: number, changes: Partial<Flow> = {}): Flow => ({
  direction: "Inbound",
  protocol: "Tcp",
  source: endpointOf(source),
  destination: endpointOf(destination),
  port,
  ...changes,
});

const judge = (rules: SecurityRule[], asked: Flow, where = space) => {
  const { kind, rule: decides } = verdictOf(groupOf({ securityRules: rules }), asked, where);
  return `${kind} by ${decides?.name}`;
};

const denyAll = rule("deny-all", 4096, { access: "Deny", protocol: "*" });

describe("a network security group", () => {
  it("lets everything pass where there is none", () => {
    expect(verdictOf(groupOf(undefined), flow("Internet", SUBNET, 22), space)).toEqual({ kind: "allowed" });
  });

  it.each<[string, SecurityRule[], Flow, string]>([
    ["its default rules where it has no others", [], flow(SUBNET, SUBNET, 22), "allowed by AllowVnetInBound"],
    [
      "them for the load balancer, which counts as of the network",
      [],
      flow("AzureLoadBalancer", SUBNET, 60001),
      "allowed by AllowVnetInBound",
    ],
    [
      "them for the load balancer beyond the network",
      [],
      flow("AzureLoadBalancer", "20.1.1.1", 60001),
      "allowed by AllowAzureLoadBalancerInBound",
    ],
    [
      "two rules for the halves of a subnet, together before one that says otherwise",
      [
        rule("low", 100, { sourceAddressPrefix: "10.40.0.0/28" }),
        rule("high", 110, { sourceAddressPrefix: "10.40.0.16/28" }),
        denyAll,
      ],
      flow("10.40.0.0/27", SUBNET, 22),
      "allowed by low",
    ],
    [
      "nothing for certain by one half alone",
      [rule("low", 100, { sourceAddressPrefix: "10.40.0.0/28" }), denyAll],
      flow("10.40.0.0/27", SUBNET, 22),
      "unknown by low",
    ],
    [
      "nothing for certain where the other half is about other ports",
      [
        rule("low", 100, { sourceAddressPrefix: "10.40.0.0/28" }),
        rule("high", 110, { sourceAddressPrefix: "10.40.0.16/28", sourcePortRange: "1024-65535" }),
        denyAll,
      ],
      flow("10.40.0.0/27", SUBNET, 22),
      "unknown by low",
    ],
    [
      "its default rules for IPv6 where a rule is about all of IPv4",
      [rule("deny-ipv4", 100, { direction: "Outbound", access: "Deny", destinationAddressPrefix: "0.0.0.0/0" })],
      flow("fd00:40::/64", "Internet", 443, { direction: "Outbound" }),
      "allowed by AllowInternetOutBound",
    ],
    [
      "a rule for all of IPv6 for that",
      [rule("deny-ipv6", 100, { direction: "Outbound", access: "Deny", destinationAddressPrefix: "::/0" })],
      flow("fd00:40::/64", "Internet", 443, { direction: "Outbound" }),
      "denied by deny-ipv6",
    ],
    ["them for the Internet", [], flow("Internet", SUBNET, 443), "denied by DenyAllInBound"],
    ["them outwards", [], flow(SUBNET, "Internet", 443, { direction: "Outbound" }), "allowed by AllowInternetOutBound"],
    ["a deny-all for traffic within the subnet as well", [denyAll], flow(SUBNET, SUBNET, 22), "denied by deny-all"],
    [
      "the first by priority, in whatever order they are told",
      [denyAll, rule("ssh", 420, { destinationPortRange: "22" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by ssh",
    ],
    [
      "the other direction not at all",
      [rule("out", 100, { direction: "Outbound", access: "Deny" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by AllowVnetInBound",
    ],
    [
      "another protocol not at all",
      [rule("udp", 100, { protocol: "Udp", access: "Deny" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by AllowVnetInBound",
    ],
    [
      "a range of ports",
      [denyAll, rule("proxy", 400, { destinationPortRange: "60000-60001" })],
      flow(SUBNET, SUBNET, 60001),
      "allowed by proxy",
    ],
    [
      "one of several ports",
      [denyAll, rule("web", 400, { destinationPortRanges: ["80", "443"] })],
      flow(SUBNET, SUBNET, 443),
      "allowed by web",
    ],
    [
      "one of several prefixes",
      [denyAll, rule("two", 400, { sourceAddressPrefixes: ["10.9.0.0/16", SUBNET] })],
      flow(SUBNET, SUBNET, 22),
      "allowed by two",
    ],
    [
      "a narrower source not for the whole subnet",
      [denyAll, rule("half", 400, { sourceAddressPrefix: "10.40.0.0/28" })],
      flow(SUBNET, SUBNET, 22),
      "unknown by half",
    ],
    [
      "a partial rule that says the same as the next",
      [rule("half", 400, { sourceAddressPrefix: "10.40.0.0/28" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by half",
    ],
    [
      "an unknown tag by no guess",
      [denyAll, rule("tagged", 400, { sourceAddressPrefix: "SomeNewTag" })],
      flow("Internet", SUBNET, 22),
      "unknown by tagged",
    ],
    [
      "a tag of a region as a part of the whole",
      [denyAll, rule("storage", 400, { sourceAddressPrefix: "Storage" })],
      flow("Storage.WestEurope", SUBNET, 443),
      "allowed by storage",
    ],
    [
      "Azure's own addresses as of the Internet",
      [denyAll, rule("internet", 400, { sourceAddressPrefix: "Internet" })],
      flow("AzureCloud", SUBNET, 443),
      "allowed by internet",
    ],
    [
      "a tag of another region not at all",
      [denyAll, rule("storage", 400, { sourceAddressPrefix: "Storage.NorthEurope" })],
      flow("Storage.WestEurope", SUBNET, 443),
      "denied by deny-all",
    ],
    [
      "a tag of another region by no guess where a service's regions share addresses",
      [denyAll, rule("monitor", 400, { sourceAddressPrefix: "AzureMonitor.Core" })],
      flow("AzureMonitor.WestEurope", SUBNET, 443),
      "unknown by monitor",
    ],
    [
      "a region of Azure's cloud by its other name",
      [denyAll, rule("cloud", 400, { sourceAddressPrefix: "AzureCloud.norwaye" })],
      flow("Storage.NorwayEast", SUBNET, 443),
      "allowed by cloud",
    ],
    [
      "another region of Azure's cloud by no guess",
      [denyAll, rule("cloud", 400, { sourceAddressPrefix: "AzureCloud.northeurope2" })],
      flow("Storage.NorthEurope", SUBNET, 443),
      "unknown by cloud",
    ],
    [
      "the load balancer as of the network",
      [denyAll, rule("vnet", 400, { sourceAddressPrefix: "VirtualNetwork" })],
      flow("AzureLoadBalancer", SUBNET, 60001),
      "allowed by vnet",
    ],
    [
      "it as of the network where that is denied",
      [rule("no-vnet", 400, { sourceAddressPrefix: "VirtualNetwork", access: "Deny" })],
      flow("AzureLoadBalancer", SUBNET, 60001),
      "denied by no-vnet",
    ],
    [
      "the host's metadata as of the network by no guess",
      [denyAll, rule("vnet", 400, { sourceAddressPrefix: "VirtualNetwork" })],
      flow("AzurePlatformIMDS", SUBNET, 80),
      "unknown by vnet",
    ],
    [
      "a tag that nobody here knows for the network's own addresses by no guess",
      [denyAll, rule("tagged", 400, { sourceAddressPrefix: "SomeNewTag" })],
      flow(SUBNET, SUBNET, 22),
      "unknown by tagged",
    ],
    [
      "a public service's tag not for private addresses",
      [rule("storage", 400, { sourceAddressPrefix: "Storage", access: "Deny" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by AllowVnetInBound",
    ],
    [
      "all of Azure's cloud for a service that is in it",
      [denyAll, rule("cloud", 400, { sourceAddressPrefix: "AzureCloud.westeurope" })],
      flow("Storage.westeurope", SUBNET, 443),
      "allowed by cloud",
    ],
    [
      "all of Azure's cloud for a tag that nobody here knows by no guess",
      [denyAll, rule("cloud", 400, { sourceAddressPrefix: "AzureCloud" })],
      flow("SomeNewTag", SUBNET, 443),
      "unknown by cloud",
    ],
    [
      "a private prefix not for a public service",
      [denyAll, rule("private", 400, { sourceAddressPrefix: "10.0.0.0/8" })],
      flow("Storage", SUBNET, 443),
      "denied by deny-all",
    ],
    [
      "a prefix that may hold some of a public service by no guess",
      [denyAll, rule("public", 400, { sourceAddressPrefix: "20.0.0.0/8" })],
      flow("Storage", SUBNET, 443),
      "unknown by public",
    ],
    [
      "the tag of Azure's name servers for the load balancer's address",
      [denyAll, rule("dns", 400, { sourceAddressPrefix: "AzurePlatformDNS" })],
      flow("AzureLoadBalancer", SUBNET, 60001),
      "allowed by dns",
    ],
    [
      "a tag by its name of long ago",
      [denyAll, rule("old", 400, { sourceAddressPrefix: "VIRTUAL_NETWORK" })],
      flow(SUBNET, SUBNET, 22),
      "allowed by old",
    ],
    [
      "the singular form and the plural one together",
      [denyAll, rule("both", 400, { sourceAddressPrefix: "10.9.0.0/16", sourceAddressPrefixes: [SUBNET] })],
      flow(SUBNET, SUBNET, 22),
      "allowed by both",
    ],
    [
      "an application security group for a machine that is in it",
      [denyAll, rule("asg", 400, { sourceAddressPrefix: "", sourceApplicationSecurityGroups: [{ id: "/ASG" }] })],
      { ...flow(SUBNET, SUBNET, 22), source: endpointOf(SUBNET, ["/asg"]) },
      "allowed by asg",
    ],
    [
      "an application security group not for one that is in none",
      [denyAll, rule("asg", 400, { sourceAddressPrefix: "", sourceApplicationSecurityGroups: [{ id: "/asg" }] })],
      { ...flow(SUBNET, SUBNET, 22), source: endpointOf(SUBNET, []) },
      "denied by deny-all",
    ],
    [
      "application security groups by no guess",
      [denyAll, rule("asg", 400, { sourceAddressPrefix: "", sourceApplicationSecurityGroups: [{ id: "/asg" }] })],
      flow(SUBNET, SUBNET, 22),
      "unknown by asg",
    ],
    [
      "a source port that a client may not have",
      [denyAll, rule("odd", 400, { sourcePortRange: "1024" })],
      flow(SUBNET, SUBNET, 22),
      "unknown by odd",
    ],
    [
      "a broken port as open",
      [denyAll, rule("broken", 400, { destinationPortRange: "ssh" })],
      flow(SUBNET, SUBNET, 22),
      "unknown by broken",
    ],
    [
      "a private network beyond the known ones by no guess",
      [denyAll, rule("vnet", 400, { sourceAddressPrefix: "VirtualNetwork" })],
      flow("10.99.0.0/24", SUBNET, 22),
      "denied by deny-all",
    ],
    [
      "IPv6 apart from IPv4",
      [denyAll, rule("six", 400, { sourceAddressPrefix: "fd00::/8" })],
      flow(SUBNET, SUBNET, 22),
      "denied by deny-all",
    ],
    [
      "IPv6 by IPv6",
      [denyAll, rule("six", 400, { sourceAddressPrefix: "fd00::/8" })],
      flow("fd00::5", "fd00::6", 22),
      "allowed by six",
    ],
  ])("takes %s", (_, rules, asked, said) => {
    expect(judge(rules, asked)).toBe(said);
  });

  it("cannot tell whether an address is of the network while a peer cannot be read", () => {
    const open = spaceOf({ prefixes: NETWORK, isComplete: false });
    const rules = [denyAll, rule("vnet", 400, { sourceAddressPrefix: "VirtualNetwork" })];
    expect(judge(rules, flow("10.99.0.0/24", SUBNET, 22), open)).toBe("unknown by vnet");
  });

  it("cannot tell whether what a route of the company's own is for counts as the network's", () => {
    const forced = spaceOf({ prefixes: NETWORK, possible: ["0.0.0.0/0"], isComplete: true });
    const rules = [rule("vnet", 400, { sourceAddressPrefix: "VirtualNetwork", access: "Deny" })];
    expect(judge([...rules, rule("all", 500, {})], flow("20.1.1.1", SUBNET, 22), forced)).toBe("unknown by vnet");
    expect(judge([...rules, rule("all", 500, {})], flow("Internet", SUBNET, 22), forced)).toBe("unknown by vnet");
  });
});
