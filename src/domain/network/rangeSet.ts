import { type AddressRange, firstOf, holdsPublic, lastOf, parseRange, prefixKey } from "./addresses.ts";
import type { Match } from "./match.ts";

/** All addresses of some prefixes: read once, and asked often. */
export interface RangeSet {
  /** How much of a range lies in it. */
  match(range: AddressRange): Match;
  isEmpty: boolean;
  /** Whether it holds every address of a version. */
  holdsEvery(version: 4 | 6): boolean;
  /** Whether it holds a public address, of one version or of any. */
  holdsPublic(version?: 4 | 6): boolean;
  holdsVersion(version: 4 | 6): boolean;
  /** Of the texts those that are no addresses. */
  rest: readonly string[];
}

/** Ranges of one version in their order, with gaps between them. */
interface Ordered {
  firsts: AddressRange["first"][];
  lasts: AddressRange["last"][];
}

/** @param texts prefixes and ranges. Two halves, or parts that overlap, are a whole. */
export function rangeSetOf(texts: readonly string[]): RangeSet {
  const keys: number[] = [];
  const four: AddressRange[] = [];
  const six: AddressRange[] = [];
  const rest: string[] = [];
  for (const text of texts) {
    // Thousands of prefixes are mostly of this kind.
    const key = prefixKey(text);
    const range = key === undefined ? parseRange(text) : undefined;
    if (key !== undefined) keys.push(key);
    else if (range) (range.version === 4 ? four : six).push(range);
    else rest.push(text);
  }
  const [ipv4, ipv6] = [orderedOf4(keys, four), joined(six.toSorted(byFirst))];
  const isPublic: { 4?: boolean; 6?: boolean } = {};
  const holdsPublicOf = (version: 4 | 6) =>
    (isPublic[version] ??= rangesOf(version, version === 4 ? ipv4 : ipv6).some(holdsPublic));
  return {
    match: (range) => matchOrdered(range.version === 4 ? ipv4 : ipv6, range),
    isEmpty: ipv4.firsts.length + ipv6.firsts.length === 0,
    holdsEvery: (version) =>
      version === 4
        ? ipv4.firsts[0] === 0 && ipv4.lasts[0] === LAST_IPV4
        : ipv6.firsts[0] === 0n && ipv6.lasts[0] === LAST_IPV6,
    holdsPublic: (version) => (version ? holdsPublicOf(version) : holdsPublicOf(4) || holdsPublicOf(6)),
    holdsVersion: (version) => (version === 4 ? ipv4 : ipv6).firsts.length > 0,
    rest,
  };
}

const LAST_IPV4 = 2 ** 32 - 1;
const LAST_IPV6 = 2n ** 128n - 1n;

/** The first range that does not end before another begins says all of that one: there are gaps between them. */
function matchOrdered({ firsts, lasts }: Ordered, { first, last }: AddressRange): Match {
  // Prefixes of a rule are mostly near one another.
  if ((firsts[0] ?? 0) > last || (lasts[lasts.length - 1] ?? -1) < first) return "none";
  let [from, to] = [0, lasts.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((lasts[middle] ?? 0) < first) from = middle + 1;
    else to = middle;
  }
  const [begins, ends] = [firsts[from], lasts[from]];
  if (begins === undefined || ends === undefined || begins > last) return "none";
  return begins <= first && ends >= last ? "all" : "some";
}

/** Numbers are sorted many times as fast as what has to be compared, and thousands of objects need not be made. */
function orderedOf4(keys: readonly number[], ranges: readonly AddressRange[]): Ordered {
  if (ranges.length > 0) {
    const prefixes = keys.map((key): AddressRange => ({ version: 4, first: firstOf(key), last: lastOf(key) }));
    return joined([...prefixes, ...ranges].toSorted(byFirst));
  }
  const [firsts, lasts]: [number[], number[]] = [[], []];
  let end = -2;
  for (const key of new Float64Array(keys).sort()) {
    const [first, last] = [firstOf(key), lastOf(key)];
    if (first > end + 1) firsts.push(first);
    end = Math.max(end, last);
    lasts[firsts.length - 1] = end;
  }
  return { firsts, lasts };
}

const byFirst = (one: AddressRange, other: AddressRange) =>
  one.first < other.first ? -1 : Number(one.first > other.first);

function joined(ranges: readonly AddressRange[]): Ordered {
  const [firsts, lasts]: [Ordered["firsts"], Ordered["lasts"]] = [[], []];
  for (const { version, first, last } of ranges) {
    const before = lasts.at(-1);
    const next = version === 4 ? Number(before) + 1 : BigInt(before ?? 0) + 1n;
    if (before === undefined || first > next) {
      firsts.push(first);
      lasts.push(last);
    } else if (last > before) lasts[lasts.length - 1] = last;
  }
  return { firsts, lasts };
}

function rangesOf(version: 4 | 6, { firsts, lasts }: Ordered): AddressRange[] {
  return firsts.map((first, index) => ({ version, first, last: lasts[index] ?? first }));
}
