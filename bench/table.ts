import { type Baseline, regression } from "./baseline.ts";
import { type Figure, isMissed } from "./figure.ts";

/** One line a figure: what, how much, what was aimed at, and what is wrong. */
export function lineOf(one: Figure, baseline: Baseline): string {
  const { what, figure, seeds, note, target } = one;
  const aim = !target ? "" : "atLeast" in target ? `target ≥ ${target.atLeast}` : `target ≤ ${target.atMost}`;
  const grown = regression(one, baseline);
  const words = [
    note,
    seedsShown(seeds),
    aim,
    isMissed(one) && "MISSED",
    grown !== undefined && `GROWN to ${grown.toFixed(2)} times the baseline`,
  ].filter(Boolean);
  return `${what.padEnd(48)} ${shown(figure).padStart(8)}  ${words.join(", ")}`.trimEnd();
}

function seedsShown(seeds: readonly number[]): string {
  const [first, last] = [seeds[0], seeds.at(-1)];
  if (first === undefined || last === undefined) return "no seed";
  if (seeds.length === 1) return `seed ${first}`;
  return last - first === seeds.length - 1 ? `seeds ${first}–${last}` : `seeds ${seeds.join(", ")}`;
}

function shown(figure: number): string {
  const size = Math.abs(figure);
  return figure.toFixed(Number.isInteger(figure) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}
