import { type AddressRange, isPublic, matchRange, parseRange } from "../network/addresses.ts";

/**
 * What else nobody outside is reached by, beside what is set aside: the platform's own address in each virtual network,
 * 6to4, and what IETF protocols use (Teredo among them), in which an IPv4 address can be hidden; and documentation.
 */
const NOT_FOR_CALLS = ["168.63.129.16", "2001::/23", "2002::/16", "3fff::/20"].flatMap(
  (prefix) => parseRange(prefix) ?? [],
);
const LOOPBACK = ["127.0.0.0/8", "::1"].flatMap((prefix) => parseRange(prefix) ?? []);

/**
 * Whether a call of somebody else's choosing may connect to this address: to none that is loopback, private, shared,
 * link-local, multicast or set aside, and to none that embeds another one (IPv4-mapped and -compatible, NAT64, 6to4,
 * Teredo), whatever that one is. IPv6 addresses are public only in 2000::/3.
 *
 * @param address as a resolver gives it: one with a zone, or written in another way, is refused.
 */
export function isPublicAddress(address: string): boolean {
  const range = single(address);
  return range !== undefined && isPublic(range) && NOT_FOR_CALLS.every((block) => matchRange(block, range) === "none");
}

export function isLoopbackAddress(address: string): boolean {
  const range = single(address);
  return range !== undefined && LOOPBACK.some((block) => matchRange(block, range) === "all");
}

function single(address: string): AddressRange | undefined {
  return /^[\d.]+$|^[\da-f:.]+$/i.test(address) ? parseRange(address) : undefined;
}
