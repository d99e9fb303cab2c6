import { describe, expect, it } from "vitest";
import { parseRange } from "../../../../src/domain/network/addresses.ts";
import type { Route } from "../../../../src/domain/network/observed.ts";
import { type Ways, wayTo } from "../../../../src/domain/network/routes.ts";

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
  hasNatGateway: false,
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
