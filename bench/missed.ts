import { type Figure, isKept, isMissed } from "./figure.ts";
import { KNOWN_MISSES } from "./knownMisses.ts";

/** Since each change of code shifts the chances. */
const SLACK = 1.1;

/** @param onlyCounted by what is the same on each machine, or much the same: with some slack, and but for what is known. */
export function missedOf(figures: readonly Figure[], onlyCounted: boolean): Figure[] {
  return figures.filter((one) =>
    onlyCounted ? isKept(one) && !(one.id in KNOWN_MISSES) && isMissed(one, SLACK) : isMissed(one),
  );
}
