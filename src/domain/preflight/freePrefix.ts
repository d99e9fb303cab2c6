import { type AddressRange, matchRange, parseRange } from "../network/addresses.ts";

/**
 * The first addresses of a network that no subnet has.
 *
 * @param length of the prefix.
 * @returns undefined where there are not so many in a row.
 */
export function freePrefix(space: readonly string[], taken: readonly string[], length: number): string | undefined {
  const size = 1n << BigInt(32 - length);
  const others = rangesOf(taken);
  for (const { first: from, last: to } of rangesOf(space)) {
    let first = from;
    while (first + size - 1n <= to) {
      const wanted: AddressRange = { version: 4, first, last: first + size - 1n };
      const inTheWay = others.find((other) => matchRange(other, wanted) !== "none");
      if (!inTheWay) return `${[24n, 16n, 8n, 0n].map((bits) => (first >> bits) & 255n).join(".")}/${length}`;
      first = ((inTheWay.last + size) / size) * size;
    }
  }
  return undefined;
}

const rangesOf = (prefixes: readonly string[]) =>
  prefixes.flatMap((prefix) => parseRange(prefix) ?? []).filter(({ version }) => version === 4);
