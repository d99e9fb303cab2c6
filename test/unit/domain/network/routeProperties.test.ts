/** The evaluator of routes, held against where single packets go. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRange } from "../../../../src/domain/network/addresses.ts";
import type { Route } from "../../../../src/domain/network/observed.ts";
import { wayTo } from "../../../../src/domain/network/routes.ts";
import { type Routes, routeOf } from "../../../support/routeModel.ts";

const octet = fc.nat(3);
const address = fc
  .tuple(fc.constantFrom(10, 20, 172), fc.constantFrom(16, 40), octet, octet)
  .map((parts) => parts.join("."));
const prefix = fc.oneof(
  { weight: 1, arbitrary: fc.constant("0.0.0.0/0") },
  {
    weight: 5,
    arbitrary: fc.tuple(address, fc.integer({ min: 1, max: 32 })).map(([one, length]) => masked(one, length)),
  },
);
/** Of one source there are no two routes with the same prefix. */
const routes = (kind: string) =>
  fc
    .uniqueArray(prefix, { maxLength: 5 })
    .chain((prefixes) =>
      fc.tuple(
        ...prefixes.map((addressPrefix, index) =>
          fc
            .constantFrom("Internet", "VirtualAppliance", "None", "VnetLocal", "VirtualNetworkGateway")
            .map((nextHopType): Route => ({ name: `${kind}-${index}`, addressPrefix, nextHopType })),
        ),
      ),
    );
const subnetRoutes: fc.Arbitrary<Routes> = fc.record({
  user: routes("user"),
  bgp: routes("bgp"),
  network: fc.constantFrom(["10.40.0.0/22"], ["10.40.0.0/22", "10.16.0.0/16"], ["10.0.0.0/8"]),
});
const KINDS: Readonly<Record<string, string>> = {
  Internet: "internet",
  VirtualAppliance: "appliance",
  None: "dead-end",
  VnetLocal: "network",
  VirtualNetworkGateway: "gateway",
};

function masked(one: string, length: number): string {
  return `${dotted(Number(parseRange(`${one}/${length}`)?.first))}/${length}`;
}

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");

function wayOf(destination: string, { user, bgp, network }: Routes, isToldWhatIsLearnt = true) {
  const range = parseRange(destination);
  if (!range) throw new Error(`${destination} is no range.`);
  const way = wayTo(range, {
    routes: user,
    learnt: isToldWhatIsLearnt ? bgp : undefined,
    network: network.flatMap((one) => parseRange(one) ?? []),
    serviceEndpoints: [],
    hasNatGateway: false,
    hasGateway: true,
    defaultOutboundAccess: true,
  });
  return { kind: way.kind, name: way.route?.name };
}

const happens = (packet: string, all: Routes) => {
  const { nextHopType, name } = routeOf(packet, all);
  return { kind: KINDS[nextHopType], name };
};

describe("any routes of a subnet", () => {
  it("lead a packet where the obvious model does, by the same route", () => {
    fc.assert(
      fc.property(subnetRoutes, address, (all, packet) => {
        expect(wayOf(packet, all)).toEqual(happens(packet, all));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("are said of a range to lead only where each of its packets goes", () => {
    fc.assert(
      fc.property(subnetRoutes, address, fc.integer({ min: 20, max: 31 }), fc.nat(), (all, one, length, pick) => {
        const range = parseRange(`${one}/${length}`);
        if (!range) return;
        const { kind } = wayOf(masked(one, length), all);
        const packet = dotted(Number(range.first) + (pick % 2 ** (32 - length)));
        expect(["unknown", happens(packet, all).kind]).toContain(kind);
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  it("are not told where a gateway may have learnt others that lead elsewhere", () => {
    fc.assert(
      fc.property(subnetRoutes, address, (all, packet) => {
        const { kind } = wayOf(packet, all, false);
        expect(["unknown", happens(packet, all).kind]).toContain(kind);
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
