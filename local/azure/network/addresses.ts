import { isIP } from "node:net";

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
  if (isIP(address) === 4) return address.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) + group, 0n);
}

const groups = (part: string | undefined) => (part ? part.split(":").flatMap(groupsOf) : []);

/** Of one part between colons; the last may be written as IPv4. */
function groupsOf(part: string): bigint[] {
  if (!part.includes(".")) return [BigInt(`0x${part}`)];
  const value = numberOf(part);
  return [value >> 16n, value & 0xffffn];
}

export function addressOf(value: bigint, version: 4 | 6): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
