import ipaddr from "ipaddr.js";
import type { Match } from "./match.ts";

/** Addresses in a row, of one version of IP: those of IPv4 are numbers, of which there are many, those of IPv6 bigints. */
export interface AddressRange {
  version: 4 | 6;
  first: number | bigint;
  last: number | bigint;
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
  if (!text.includes(":")) {
    const key = prefixKey(text);
    return key === undefined ? undefined : { version: 4, first: firstOf(key), last: lastOf(key) };
  }
  const [address = "", length, ...more] = text.split("/");
  if (more.length > 0 || !ipaddr.IPv6.isValid(address)) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const hostBits = BigInt(128 - Number(length ?? 128));
  if (hostBits < 0n) return undefined;
  const first = (ipv6Value(address) >> hostBits) << hostBits;
  return { version: 6, first, last: first + (1n << hostBits) - 1n };
}

const [ZERO, DOT, SLASH] = [48, 46, 47];
/** More than an IPv4 prefix has bits for its hosts. */
const KEY = 64;

export const firstOf = (key: number) => Math.floor(key / KEY);
export const lastOf = (key: number) => firstOf(key) + 2 ** (key % KEY) - 1;

/**
 * An IPv4 prefix as one number, which sorts as its first address does: groups have thousands of prefixes. Read digit by
 * digit, and in its four decimal parts only: others read octal, hexadecimal and shortened forms as well.
 *
 * @returns undefined where the text is no address and no prefix of IPv4.
 */
export function prefixKey(text: string): number | undefined {
  let [address, part, parts, digits] = [0, 0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) {
      // 010 is no part: who knows whether it is meant as octal.
      if (digits === 3 || (digits > 0 && part === 0 && parts < 4)) return undefined;
      part = part * 10 + digit;
      digits += 1;
    } else {
      if (code !== (parts < 3 ? DOT : SLASH) || parts === 4 || digits === 0 || part > 255) return undefined;
      address = address * 256 + part;
      parts += 1;
      part = digits = 0;
    }
  }
  if (parts < 3 || digits === 0 || part > (parts === 4 ? 32 : 255)) return undefined;
  if (parts === 3) return (address * 256 + part) * KEY;
  const hostBits = 32 - part;
  return (address - (address % 2 ** hostBits)) * KEY + hostBits;
}

function ipv6Value(address: string): bigint {
  const bytes = ipaddr.IPv6.parse(address).toByteArray();
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** How much of `inner` lies in `outer`. */
export function matchRange(outer: AddressRange, inner: AddressRange): Match {
  if (outer.version !== inner.version || outer.last < inner.first || outer.first > inner.last) return "none";
  return outer.first <= inner.first && outer.last >= inner.last ? "all" : "some";
}

/** Bits of an address. */
export function addressLength({ version }: AddressRange): number {
  return version === 4 ? 32 : 128;
}

/** Length of the prefix that a range is; for the longest of those that match. */
export function prefixLength(range: AddressRange): number {
  const { first, last } = range;
  return addressLength(range) - (BigInt(last) - BigInt(first)).toString(2).replace(/^0$/, "").length;
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
