/** The evaluator of flows, held against what happens to single packets of them. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpointOf, spaceOf } from "../../../../src/domain/network/endpoint.ts";
import type { SecurityRule, VirtualNetworkSpace } from "../../../../src/domain/network/observed.ts";
import { groupOf, verdictOf } from "../../../../src/domain/network/securityGroups.ts";
import {
  ipv4,
  packet as packets,
  rules as ruleLists,
  rulesWithTags,
  TAGS,
  unions,
} from "../../../support/arbitraryRules.ts";
import { isIn, type Packet, type Places, passes } from "../../../support/packetModel.ts";

const NETWORK = ["10.40.0.0/22", "fd00:40::/64"];
const whole = { prefixes: NETWORK, isComplete: true };
const defaults = groupOf({}).map(({ observed }) => observed);

const flowOf = ({ source, sourceGroups, destination, destinationGroups, ...rest }: Packet) => ({
  direction: rest.direction,
  protocol: rest.protocol,
  port: rest.port,
  source: endpointOf(source, sourceGroups),
  destination: endpointOf(destination, destinationGroups),
});
const says = (rules: readonly SecurityRule[], flow: ReturnType<typeof flowOf>, space: VirtualNetworkSpace = whole) =>
  verdictOf(groupOf({ securityRules: rules }), flow, spaceOf(space)).kind;
const happens = (rules: readonly SecurityRule[], packet: Packet, places: Places = { network: NETWORK }) =>
  passes([...rules, ...defaults], packet, places) ? "allowed" : "denied";

/** What is said is what happens, or that it cannot be told. */
const expectNoLie = (said: string, happened: string) => expect([happened, "unknown"]).toContain(said);

/** One address of a prefix. */
function pickFrom(prefix: string, pick: number): string {
  const endpoint = endpointOf(prefix);
  if (endpoint.kind !== "addresses") throw new Error(`${prefix} is no prefix.`);
  const [first, last] = [BigInt(endpoint.range.first), BigInt(endpoint.range.last)];
  const one = first + (BigInt(pick) % (last - first + 1n));
  return [24n, 16n, 8n, 0n].map((shift) => String((one >> shift) & 255n)).join(".");
}

const range = fc.tuple(ipv4, fc.integer({ min: 20, max: 30 })).map(([one, length]) => `${one}/${length}`);
const publicPart = fc.tuple(fc.constantFrom(40, 41), fc.nat(3)).map(([a, b]) => `20.${a}.${b}.0/24`);

/** Addresses of the tags as they could be: of services public ones, a region's within the whole, a new tag's anywhere. */
const places: fc.Arbitrary<Places & { tags: Record<string, string[]> }> = fc
  .record({ storage: fc.array(publicPart), region: fc.nat(3), cloud: fc.array(publicPart), unknown: fc.array(range) })
  .map(({ storage, region, cloud, unknown }) => {
    const regional = storage.slice(0, region);
    return {
      network: NETWORK,
      tags: {
        Storage: storage,
        "Storage.WestEurope": regional,
        AzureCloud: [...cloud, ...storage],
        "AzureCloud.westeurope": [...cloud.slice(0, region), ...regional],
        SomeNewTag: unknown,
      },
    };
  });

/** A prefix of eight addresses of each version, which rules have in parts. */
const EIGHT = {
  4: { prefix: "10.40.0.0/29", addresses: Array.from({ length: 8 }, (_, at) => `10.40.0.${at}`) },
  6: { prefix: "fd00:40::/125", addresses: Array.from({ length: 8 }, (_, at) => `fd00:40::${at}`) },
};

/** The place of the first rule that is about what comes in from an address; -1 where the default ones decide. */
const decider = (rules: readonly SecurityRule[], source: string) =>
  rules.findIndex(
    ({ direction, sourceAddressPrefixes = [] }) =>
      direction === "Inbound" && sourceAddressPrefixes.some((prefix) => isIn(source, prefix)),
  );

describe("any network security group", () => {
  it("decides about a packet as the obvious model does", () => {
    fc.assert(
      fc.property(ruleLists, packets, (rules, packet) => {
        expectNoLie(says(rules, flowOf(packet)), happens(rules, packet));
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  it("leaves nothing open about packets between known addresses, as far as a client's own port does not matter", () => {
    fc.assert(
      fc.property(ruleLists, packets, (rules, packet) => {
        fc.pre(
          [packet.source, packet.destination].every((one) => /^(20\.|10\.40\.[0-3]\.|fd00:40:|2603:|168)/.test(one)),
        );
        fc.pre(rules.every(({ sourcePortRange }) => sourcePortRange === "*"));
        expect(says(rules, flowOf(packet))).not.toBe("unknown");
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it("says of a whole flow only what holds of each of its packets", () => {
    fc.assert(
      fc.property(ruleLists, packets, range, fc.nat(), (rules, packet, from, pick) => {
        const said = says(rules, flowOf({ ...packet, source: from }));
        expectNoLie(said, happens(rules, { ...packet, source: pickFrom(from, pick) }));
      }),
      { numRuns: 1500, seed: 3 },
    );
  });

  it.each([4, 6] as const)("joins the prefixes of a rule, of IPv%i beside the other", (version) => {
    fc.assert(
      fc.property(unions, fc.nat(7), (rules, pick) => {
        const { prefix, addresses } = EIGHT[version];
        const sent = { direction: "Inbound", protocol: "Tcp", destination: addresses[0] ?? "", port: 22 } as const;
        const said = says(rules, flowOf({ ...sent, source: prefix }));
        const happened = happens(rules, { ...sent, source: addresses[pick] ?? "" });
        expectNoLie(said, happened);
        // Where one rule decides about all of them, that is known whatever prefixes it has.
        const deciding = addresses.map((source) => decider(rules, source));
        if (new Set(deciding).size === 1) expect(said).toBe(happened);
      }),
      { numRuns: 1000, seed: 10 + version },
    );
  });

  it("says nothing wrong wherever the addresses of service tags are", () => {
    fc.assert(
      fc.property(rulesWithTags, packets, places, (rules, packet, where) => {
        expectNoLie(says(rules, flowOf(packet)), happens(rules, packet, where));
      }),
      { numRuns: 1500, seed: 4 },
    );
  });

  it("says of what goes to a service only what holds of each of its addresses", () => {
    fc.assert(
      fc.property(
        rulesWithTags,
        packets,
        places,
        fc.constantFrom(...TAGS),
        fc.nat(),
        (rules, packet, where, tag, pick) => {
          const prefixes = where.tags[tag] ?? [];
          fc.pre(prefixes.length > 0);
          const destination = pickFrom(prefixes[pick % prefixes.length] ?? "", pick);
          // A service's address is no machine of a group's.
          const sent = { ...packet, destination, destinationGroups: [] };
          expectNoLie(says(rules, flowOf({ ...sent, destination: tag })), happens(rules, sent, where));
        },
      ),
      { numRuns: 1500, seed: 5 },
    );
  });

  it("counts peers as of the network, and says nothing wrong of what may belong to it as well", () => {
    const peer = fc.tuple(fc.constantFrom(40, 41), fc.nat(3)).map(([a, b]) => `10.${a}.${b}.0/24`);
    const lists = fc.record({
      peers: fc.array(peer),
      hidden: fc.array(peer),
      possible: fc.array(range),
      taken: fc.nat(3),
    });
    fc.assert(
      fc.property(ruleLists, packets, lists, (rules, packet, { peers, hidden, possible, taken }) => {
        const known = [...NETWORK, ...peers];
        const space = { prefixes: known, possible, isComplete: hidden.length === 0 };
        const where = { network: [...known, ...hidden, ...possible.slice(0, taken)] };
        expectNoLie(says(rules, flowOf(packet), space), happens(rules, packet, where));
      }),
      { numRuns: 1500, seed: 6 },
    );
  });

  it("does not mind rules of the other direction: answers pass by themselves", () => {
    fc.assert(
      fc.property(ruleLists, ruleLists, packets, (rules, more, packet) => {
        const others = more.filter(({ direction }) => direction !== packet.direction);
        const mixed = [...others.map((rule) => ({ ...rule, priority: Number(rule.priority) - 50 })), ...rules];
        expect(says(mixed, flowOf(packet))).toBe(says(rules, flowOf(packet)));
      }),
      { numRuns: 1000, seed: 8 },
    );
  });

  it("has the default rules last, whatever is told of them", () => {
    fc.assert(
      fc.property(ruleLists, packets, (rules, packet) => {
        const told = groupOf({ securityRules: rules, defaultSecurityRules: defaults.toReversed() });
        expect(verdictOf(told, flowOf(packet), spaceOf(whole)).kind).toBe(says(rules, flowOf(packet)));
      }),
      { numRuns: 1000, seed: 9 },
    );
  });
});
