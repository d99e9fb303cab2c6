import { type AddressRange, normalPrefix, rangeOf } from "./addresses.ts";
import { badNotation, badPrefix } from "./errors.ts";

/** @throws AzureError where one is not CIDR notation, or names an address in a range instead of the range. */
export function rangesOf(id: string, prefixes: unknown[]): AddressRange[] {
  return prefixes.map((prefix) => {
    const range = typeof prefix === "string" ? rangeOf(prefix) : undefined;
    if (!range) throw badPrefix(String(prefix), id);
    const meant = normalPrefix(String(prefix));
    if (range.version === 4 && meant !== prefix) throw badNotation(String(prefix), id, meant);
    return range;
  });
}
