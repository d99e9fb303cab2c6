/** Rules and packets at random, few enough in kind that they often meet. */
import * as fc from "fast-check";
import type { SecurityRule } from "../../src/domain/network/observed.ts";
import type { Packet } from "./packetModel.ts";

export const GROUPS = ["/web", "/data"];
/** What only Azure knows the addresses of: services, one of them of a region, and a tag that is new. */
export const TAGS = ["Storage", "Storage.WestEurope", "AzureCloud", "AzureCloud.westeurope", "SomeNewTag"];

const octets = fc.tuple(fc.constantFrom(10, 20), fc.constantFrom(40, 41), fc.nat(3), fc.nat(255));
export const ipv4 = octets.map((parts) => parts.join("."));
const ipv6 = fc
  .tuple(fc.constantFrom("fd00:40", "fd00:41", "2603:1020"), fc.nat(3))
  .map(([net, host]) => `${net}::${host}`);
const address = fc.oneof(
  { weight: 8, arbitrary: ipv4 },
  { weight: 2, arbitrary: ipv6 },
  { weight: 1, arbitrary: fc.constant("168.63.129.16") },
);
const prefix = fc.oneof(
  fc.constantFrom("*", "VirtualNetwork", "Internet", "AzureLoadBalancer", "fd00:40::/64", "2603::/16", "fd00::/8"),
  fc.tuple(ipv4, fc.integer({ min: 8, max: 32 })).map(([one, length]) => `${one}/${length}`),
  ipv4,
);
const port = fc.oneof(fc.constant("*"), fc.constantFrom("22", "443", "20-25", "100-500"));

/** Of a side, the singular field, the plural one or both, or groups; as Azure answers with them. */
const side = (one: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 3, arbitrary: one.map((prefixText) => ({ one: prefixText })) },
    { weight: 3, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }).map((more) => ({ more })) },
    {
      weight: 1,
      arbitrary: fc.tuple(one, fc.array(one, { maxLength: 2 })).map(([first, more]) => ({ one: first, more })),
    },
    { weight: 1, arbitrary: fc.subarray(GROUPS, { minLength: 1 }).map((groups) => ({ groups })) },
  ) as fc.Arbitrary<{ one?: string; more?: string[]; groups?: string[] }>;

const ruleOf = (one: fc.Arbitrary<string>) =>
  fc
    .record({
      direction: fc.constantFrom("Inbound", "Outbound"),
      access: fc.constantFrom("Allow", "Deny"),
      protocol: fc.constantFrom("*", "Tcp", "Udp"),
      ports: fc.oneof(
        port.map((only) => ({ one: only })),
        fc.array(port, { minLength: 1, maxLength: 3 }).map((more) => ({ more })),
      ),
      sourcePort: fc.oneof(
        { weight: 5, arbitrary: fc.constant("*") },
        { weight: 1, arbitrary: fc.constant("1024-60000") },
      ),
      source: side(one),
      destination: side(one),
    })
    .map(({ ports, sourcePort, source, destination, ...rule }): SecurityRule => ({
      ...rule,
      sourcePortRange: sourcePort,
      ...("one" in ports ? { destinationPortRange: ports.one } : { destinationPortRanges: ports.more }),
      ...(source.one !== undefined && { sourceAddressPrefix: source.one }),
      ...(source.more && { sourceAddressPrefixes: source.more }),
      ...(source.groups && { sourceApplicationSecurityGroups: source.groups.map((id) => ({ id })) }),
      ...(destination.one !== undefined && { destinationAddressPrefix: destination.one }),
      ...(destination.more && { destinationAddressPrefixes: destination.more }),
      ...(destination.groups && { destinationApplicationSecurityGroups: destination.groups.map((id) => ({ id })) }),
    }));

const inOrder = (rule: fc.Arbitrary<SecurityRule>) =>
  fc
    .array(rule, { maxLength: 8 })
    .map((rules) => rules.map((one, index): SecurityRule => ({ ...one, priority: 100 + index })));

/** Of what is known to the evaluator. */
export const rules = inOrder(ruleOf(prefix));
/** With service tags beside. */
export const rulesWithTags = inOrder(ruleOf(fc.oneof(prefix, fc.constantFrom(...TAGS))));

/** A part of eight addresses of one version or the other; the whole of the version, in halves. */
const part = fc.oneof(
  { weight: 4, arbitrary: parts(4, (at, length) => `10.40.0.${at}/${29 + length}`) },
  { weight: 4, arbitrary: parts(4, (at, length) => `fd00:40::${at}/${125 + length}`) },
  { weight: 1, arbitrary: fc.constantFrom("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1", "::/0") },
);
function parts(lengths: number, text: (at: number, length: number) => string): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(7), fc.nat(lengths - 1)).map(([at, length]) => text(at, length));
}

/** Rules of many prefixes each, which are parts of one another, or stand side by side. */
export const unions = inOrder(
  fc
    .record({ direction: fc.constantFrom("Inbound", "Outbound"), access: fc.constantFrom("Allow", "Deny") })
    .chain((rule) =>
      fc.array(part, { minLength: 1, maxLength: 10 }).map((sourceAddressPrefixes): SecurityRule => ({
        ...rule,
        protocol: "*",
        sourcePortRange: "*",
        destinationPortRange: "*",
        sourceAddressPrefixes,
        destinationAddressPrefix: "*",
      })),
    ),
);

export const packet: fc.Arbitrary<Packet> = fc.record({
  direction: fc.constantFrom("Inbound", "Outbound"),
  protocol: fc.constantFrom("Tcp", "Udp"),
  source: address,
  sourceGroups: fc.subarray(GROUPS),
  sourcePort: fc.constantFrom(1024, 50_000, 65_000),
  destination: address,
  destinationGroups: fc.subarray(GROUPS),
  port: fc.constantFrom(22, 24, 80, 443),
});
