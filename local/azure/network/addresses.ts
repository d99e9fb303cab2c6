import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { networkErrors } from "./errors.ts";

/** A range of addresses, first to last. */
export interface AddressRange {
  version: 4 | 6;
  first: bigint;
  last: bigint;
}

const bitsOf = (version: 4 | 6) => (version === 4 ? 32 : 128);

/** @returns nothing where it is not CIDR notation; where it has host bits, the range that it lies in. */
export function rangeOf(prefix: string): AddressRange | undefined {
  const [address = "", length = "", ...rest] = prefix.split("/");
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const bits = bitsOf(version);
  if (Number(length) > bits) return undefined;
  const hostBits = BigInt(bits - Number(length));
  const first = (numberOf(address) >> hostBits) << hostBits;
  return { version, first, last: first + (1n << hostBits) - 1n };
}

/** The notation of the range that a prefix lies in. */
export function normalPrefix(prefix: string): string {
  const range = rangeOf(prefix);
  return range ? `${addressOf(range.first, range.version)}/${prefix.split("/")[1]}` : prefix;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(one: AddressRange, other: AddressRange): boolean {
  return one.version === other.version && one.first <= other.last && other.first <= one.last;
}

export function numberOf(address: string): bigint {
  return BigInt(`0x${Buffer.from(ipaddr.parse(address).toByteArray()).toString("hex")}`);
}

export function addressOf(value: bigint, version: 4 | 6): string {
  // Asked thousands of times where many machines have addresses in one subnet.
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const hex = value.toString(16).padStart(bitsOf(version) / 4, "0");
  return ipaddr.fromByteArray([...Buffer.from(hex, "hex")]).toString();
}

/** @throws AzureError where one is not CIDR notation, or names an address in a range instead of the range. */
export function rangesOf(id: string, prefixes: unknown[]): AddressRange[] {
  return prefixes.map((prefix) => {
    const range = typeof prefix === "string" ? rangeOf(prefix) : undefined;
    if (!range) throw networkErrors.InvalidAddressPrefixFormat(String(prefix), id);
    const meant = normalPrefix(String(prefix));
    if (range.version === 4 && meant !== prefix) throw networkErrors.InvalidCIDRNotation(String(prefix), id, meant);
    return range;
  });
}
