import { parseRange } from "../network/addresses.ts";

/**
 * The first IPv4 addresses of a network that no subnet has.
 *
 * @param length of the prefix.
 * @returns undefined where there are not so many in a row.
 */
export function freePrefix(space: readonly string[], taken: readonly string[], length: number): string | undefined {
  const size = 2 ** (32 - length);
  const others = rangesOf(taken);
  for (const { first: from, last: to } of rangesOf(space)) {
    let first = from;
    while (first + size - 1 <= to) {
      const inTheWay = others.find((other) => other.first < first + size && other.last >= first);
      if (!inTheWay) return `${[24, 16, 8, 0].map((bits) => (first >>> bits) & 255).join(".")}/${length}`;
      first = Math.ceil((inTheWay.last + 1) / size) * size;
    }
  }
  return undefined;
}

const rangesOf = (prefixes: readonly string[]) =>
  prefixes
    .flatMap((prefix) => parseRange(prefix) ?? [])
    .filter(({ version }) => version === 4)
    .map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
