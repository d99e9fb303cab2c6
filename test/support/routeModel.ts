/** Where one packet goes by a subnet's routes: slow and obvious, to hold the evaluator against. */
import type { Route } from "../../src/domain/network/observed.ts";
import { isIn } from "./packetModel.ts";

export interface Routes {
  user: readonly Route[];
  bgp: readonly Route[];
  /** Prefixes of the network and its peers. */
  network: readonly string[];
}

/** Looks through the lengths of prefixes, the longest first, and at each of them through the sources of routes. */
export function routeOf(address: string, { user, bgp, network }: Routes): { nextHopType: string; name: string } {
  const isLocal = network.some((prefix) => isIn(address, prefix));
  const hasDefault = [...user, ...bgp].some(({ addressPrefix }) => addressPrefix === "0.0.0.0/0");
  const dropped = hasDefault ? [] : ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
  const system: Route[] = [
    ...network.map((addressPrefix) => ({ addressPrefix, nextHopType: "VnetLocal" })),
    ...dropped.map((addressPrefix) => ({ addressPrefix, nextHopType: "None" })),
    { addressPrefix: "0.0.0.0/0", nextHopType: "Internet" },
  ];
  for (let length = 32; length >= 0; length--) {
    for (const source of [user, isLocal ? [] : bgp, system]) {
      const route = source.find(
        ({ addressPrefix = "" }) => Number(addressPrefix.split("/")[1]) === length && isIn(address, addressPrefix),
      );
      if (route) return { nextHopType: route.nextHopType ?? "", name: route.name ?? "system" };
    }
  }
  throw new Error("Azure's default route is for every address.");
}
