import { describe, expect, it } from "vitest";
import { parseRange } from "../../../../src/domain/network/addresses.ts";
import type { Route } from "../../../../src/domain/network/observed.ts";
import { type Ways, wayTo, wayToService } from "../../../../src/domain/network/routes.ts";

const range = (text: string) => {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`${text} is no range.`);
  return parsed;
};
const route = (name: string, addressPrefix: string, nextHopType: string, nextHopIpAddress?: string): Route => ({
  name,
  addressPrefix,
  nextHopType,
  ...(nextHopIpAddress ? { nextHopIpAddress } : {}),
});
const ways = (changes: Partial<Ways> = {}): Ways => ({
  routes: [],
  learnt: [],
  network: [range("10.40.0.0/22")],
  serviceEndpoints: [],
  hasNatGateway: false,
  hasGateway: true,
  defaultOutboundAccess: true,
  ...changes,
});
const INTERNET = "20.50.1.1";
const to = (text: string, changes: Partial<Ways> = {}) => {
  const way = wayTo(range(text), ways(changes));
  return `${way.kind} by ${way.route?.name}`;
};

describe("the way out of a subnet", () => {
  it.each<[string, string, Partial<Ways>, string]>([
    ["to the Internet by default", INTERNET, {}, "internet by system"],
    ["within the network by default", "10.40.1.4", {}, "network by system"],
    ["nowhere from a private subnet", INTERNET, { defaultOutboundAccess: false }, "dead-end by system"],
    [
      "by a NAT gateway from a private subnet",
      INTERNET,
      { defaultOutboundAccess: false, hasNatGateway: true },
      "internet by system",
    ],
    [
      "by a NAT gateway, of which nobody can tell, from a private subnet, by no guess",
      INTERNET,
      { defaultOutboundAccess: false, hasNatGateway: undefined },
      "unknown by system",
    ],
    [
      "to the firewall that it is forced to",
      INTERNET,
      { routes: [route("fw", "0.0.0.0/0", "VirtualAppliance", "10.40.3.4")], defaultOutboundAccess: false },
      "appliance by fw",
    ],
    ["nowhere by a route to None", INTERNET, { routes: [route("drop", "0.0.0.0/0", "None")] }, "dead-end by drop"],
    [
      "by the longest prefix",
      INTERNET,
      { routes: [route("fw", "0.0.0.0/0", "VirtualAppliance", "10.40.3.4"), route("azure", "20.0.0.0/8", "Internet")] },
      "internet by azure",
    ],
    [
      "by the user's own route before a learnt one",
      INTERNET,
      {
        routes: [route("own", "0.0.0.0/0", "Internet")],
        learnt: [route("bgp", "0.0.0.0/0", "VirtualNetworkGateway")],
      },
      "internet by own",
    ],
    [
      "by a learnt route before Azure's",
      INTERNET,
      { learnt: [route("bgp", "0.0.0.0/0", "VirtualNetworkGateway")] },
      "gateway by bgp",
    ],
    ["by nobody's guess where routes may be learnt", INTERNET, { learnt: undefined }, "unknown by system"],
    ["within the network, whatever may be learnt", "10.40.1.4", { learnt: undefined }, "network by system"],
    [
      "by nobody's guess where a part of it goes elsewhere",
      "20.0.0.0/8",
      { routes: [route("part", "20.50.0.0/16", "None")] },
      "unknown by part",
    ],
    [
      "by nobody's guess where a route is to a service tag",
      INTERNET,
      { routes: [route("tag", "AzureCloud", "Internet")] },
      "unknown by tag",
    ],
    [
      "by nobody's guess where a next hop is new",
      INTERNET,
      { routes: [route("new", "0.0.0.0/0", "Teleport")] },
      "unknown by new",
    ],
    [
      "within the network, however long a learnt route is",
      "10.40.1.4",
      { learnt: [route("bgp", "10.40.1.0/24", "VirtualNetworkGateway")] },
      "network by system",
    ],
    [
      "by a learnt route of a longer prefix before the user's",
      INTERNET,
      {
        routes: [route("own", "0.0.0.0/0", "Internet")],
        learnt: [route("bgp", "20.0.0.0/8", "VirtualNetworkGateway")],
      },
      "gateway by bgp",
    ],
    ["nowhere to a private network that is nobody's", "10.99.0.4", {}, "dead-end by system"],
    [
      "by a default route of the user's to a private network that is nobody's",
      "10.99.0.4",
      { routes: [route("fw", "0.0.0.0/0", "VirtualAppliance", "10.40.3.4")] },
      "appliance by fw",
    ],
    [
      "to a private address past a route to a public service",
      "10.40.1.4",
      { routes: [route("tag", "Storage", "Internet")] },
      "network by system",
    ],
    ["to the Internet by IPv6", "2603:1020::1", {}, "internet by system"],
    [
      "nowhere by IPv6 where only that is dropped",
      "2603:1020::1",
      { routes: [route("six", "::/0", "None")] },
      "dead-end by six",
    ],
    ["by IPv4 past a route of IPv6", INTERNET, { routes: [route("six", "::/0", "None")] }, "internet by system"],
    ["within the network by IPv6", "fd00::4", { network: [range("fd00::/64")] }, "network by system"],
    [
      "of the network to an appliance",
      "10.40.1.4",
      { routes: [route("inside", "10.40.0.0/22", "VirtualAppliance", "10.40.3.4")] },
      "appliance by inside",
    ],
  ])("leads %s", (_, destination, changes, said) => {
    expect(to(destination, changes)).toBe(said);
  });
});

const endpoint = (service: string, ...locations: string[]) => ({ service, locations });

describe("the way to a service of Azure's", () => {
  const firewall = route("fw", "0.0.0.0/0", "VirtualAppliance", "10.40.3.4");
  const storage = endpoint("Microsoft.Storage", "westeurope", "northeurope");
  const toService = (tag: string, changes: Partial<Ways>) => {
    const way = wayToService(tag, ways({ routes: [firewall], ...changes }));
    return way.route ? `${way.kind} by ${way.route.name}` : way.kind;
  };

  it.each<[string, string, Partial<Ways>, string]>([
    ["that of the Internet without an endpoint", "Storage", {}, "appliance by fw"],
    [
      "that of the Internet beside another's endpoint",
      "Storage",
      { serviceEndpoints: [endpoint("Microsoft.Sql", "*")] },
      "appliance by fw",
    ],
    ["straight by an endpoint, past the firewall", "Storage.westeurope", { serviceEndpoints: [storage] }, "service"],
    [
      "straight, however the user routes the service's tag",
      "Storage.westeurope",
      { routes: [route("drop", "Storage", "None")], serviceEndpoints: [storage] },
      "service",
    ],
    [
      "straight from a private subnet",
      "Storage.westeurope",
      { routes: [], serviceEndpoints: [storage], defaultOutboundAccess: false },
      "service",
    ],
    [
      "straight to every region by an endpoint for all",
      "Storage",
      { serviceEndpoints: [endpoint("Microsoft.Storage.Global", "*")] },
      "service",
    ],
    [
      "that of the Internet to a region that the endpoint is not for",
      "Storage.eastus",
      { serviceEndpoints: [storage] },
      "appliance by fw",
    ],
    [
      "nobody's guess where a region may be the endpoint's or not",
      "Storage",
      { serviceEndpoints: [storage] },
      "unknown by fw",
    ],
    [
      "nobody's guess where an endpoint does not tell its regions",
      "Storage",
      { serviceEndpoints: [endpoint("Microsoft.Storage")] },
      "unknown by fw",
    ],
    [
      "that of a route to its tag",
      "Storage.westeurope",
      { routes: [firewall, route("tag", "Storage", "Internet")] },
      "internet by tag",
    ],
    [
      "that of a route to all of Azure's cloud",
      "Storage.westeurope",
      { routes: [firewall, route("tag", "AzureCloud", "Internet")] },
      "internet by tag",
    ],
    [
      "nobody's guess beside a route to another service's tag",
      "Storage.westeurope",
      { routes: [firewall, route("tag", "AzureKeyVault", "Internet")] },
      "unknown by tag",
    ],
    [
      "not that of a route to another region",
      "Storage.westeurope",
      { routes: [firewall, route("tag", "Storage.eastus", "Internet")] },
      "appliance by fw",
    ],
    [
      "not that of a private route",
      "Storage",
      { routes: [firewall, route("inside", "10.0.0.0/8", "None")] },
      "appliance by fw",
    ],
    [
      "nobody's guess where a part of it is routed elsewhere",
      "Storage",
      { routes: [firewall, route("part", "20.60.0.0/16", "Internet")] },
      "unknown by part",
    ],
    [
      "that of all routes which it may take, where they lead to one place",
      "Storage",
      {
        routes: [
          route("low", "0.0.0.0/1", "VirtualAppliance", "10.40.3.4"),
          route("high", "128.0.0.0/1", "VirtualAppliance", "10.40.3.4"),
        ],
      },
      "appliance by low",
    ],
    ["nobody's guess where routes may be learnt", "Storage", { routes: [], learnt: undefined }, "unknown by system"],
  ])("is %s", (_, tag, changes, said) => {
    expect(toService(tag, changes)).toBe(said);
  });
});
