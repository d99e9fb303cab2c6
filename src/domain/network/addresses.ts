import ipaddr from "ipaddr.js";
import type { Match } from "./match.ts";

/** Addresses in a row, of one version of IP. */
export interface AddressRange {
  version: 4 | 6;
  first: bigint;
  last: bigint;
}

/** @param text an address, a prefix or `first-last`, as Azure writes them. @returns undefined where it is none of these. */
export function parseRange(text: string): AddressRange | undefined {
  const [from = "", to, ...more] = text.split("-").map((part) => part.trim());
  if (more.length > 0) return undefined;
  const [first, last] = [parsePrefix(from), to === undefined ? undefined : parsePrefix(to)];
  if (to === undefined || !first) return first;
  if (!last || last.version !== first.version || last.last < first.first) return undefined;
  return { version: first.version, first: first.first, last: last.last };
}

function parsePrefix(text: string): AddressRange | undefined {
  const [address = "", length, ...more] = text.split("/");
  if (more.length > 0 || !isWhole(address)) return undefined;
  const isIpv6 = address.includes(":");
  const bits = isIpv6 ? 128 : 32;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const hostBits = BigInt(bits - Number(length ?? bits));
  if (hostBits < 0n) return undefined;
  const value = isIpv6 ? ipv6Value(address) : BigInt(ipv4Value(address));
  const first = (value >> hostBits) << hostBits;
  return { version: bits === 32 ? 4 : 6, first, last: first + (1n << hostBits) - 1n };
}

/** Of four parts that are known to be whole; the library's way there takes ten times as long. */
function ipv4Value(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function ipv6Value(address: string): bigint {
  const bytes = ipaddr.IPv6.parse(address).toByteArray();
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const OCTET = "(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])";
const FOUR_PARTS = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** IPv4 in its four decimal parts only: others read octal, hexadecimal and shortened forms as well. */
function isWhole(address: string): boolean {
  return FOUR_PARTS.test(address) || (address.includes(":") && ipaddr.IPv6.isValid(address));
}

/** How much of `inner` lies in `outer`. */
export function matchRange(outer: AddressRange, inner: AddressRange): Match {
  if (outer.version !== inner.version || outer.last < inner.first || outer.first > inner.last) return "none";
  return outer.first <= inner.first && outer.last >= inner.last ? "all" : "some";
}

/** The same addresses in as few ranges as can be: two halves are a whole. */
export function joined(ranges: readonly AddressRange[]): AddressRange[] {
  const all: AddressRange[] = [];
  const ordered = ranges.toSorted(
    (one, other) => one.version - other.version || (one.first < other.first ? -1 : Number(one.first > other.first)),
  );
  for (const range of ordered) {
    const before = all.at(-1);
    if (before?.version !== range.version || range.first > before.last + 1n) all.push({ ...range });
    else if (range.last > before.last) before.last = range.last;
  }
  return all;
}

/** Bits of an address. */
export function addressLength({ version }: AddressRange): number {
  return version === 4 ? 32 : 128;
}

/** Length of the prefix that a range is; for the longest of those that match. */
export function prefixLength(range: AddressRange): number {
  const { first, last } = range;
  return addressLength(range) - (last - first).toString(2).replace(/^0$/, "").length;
}

/** Never routed on the Internet: private, shared, link-local and the rest that is set aside (RFC 6890). */
const SET_ASIDE = (
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 " +
  "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 " +
  "::/3 4000::/2 8000::/1 2001:db8::/32"
)
  .split(" ")
  .flatMap((prefix) => parsePrefix(prefix) ?? []);

/** Whether each address of a range is a public one. */
export function isPublic(range: AddressRange): boolean {
  return SET_ASIDE.every((block) => matchRange(block, range) === "none");
}

/** Whether any is. */
export function holdsPublic(range: AddressRange): boolean {
  return SET_ASIDE.every((block) => matchRange(block, range) !== "all");
}
