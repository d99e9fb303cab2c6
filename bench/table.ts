import { type Baseline, regression } from "./baseline.ts";
import { type Figure, isMissed } from "./figure.ts";

/** One line a figure: what, how much, what was aimed at, and what is wrong. */
export function lineOf(one: Figure, baseline: Baseline): string {
  const { what, figure, note, target } = one;
  const aim = !target ? "" : "atLeast" in target ? `target ≥ ${target.atLeast}` : `target ≤ ${target.atMost}`;
  const grown = regression(one, baseline);
  const words = [
    note,
    aim,
    isMissed(one) && "MISSED",
    grown !== undefined && `GROWN to ${grown.toFixed(2)} times the baseline`,
  ].filter(Boolean);
  return `${what.padEnd(48)} ${shown(figure).padStart(8)}  ${words.join(", ")}`.trimEnd();
}

function shown(figure: number): string {
  return figure.toFixed(Number.isInteger(figure) || Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : 2);
}
