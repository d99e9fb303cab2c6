import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, isKept } from "./figure.ts";

export const BASELINE = join(import.meta.dirname, "baseline.json");
/** A figure that is counted may be so many times what it was. */
const MOST = 1.2;

export type Baseline = Readonly<Record<string, number>>;

export function readBaseline(file = BASELINE): Baseline {
  return JSON.parse(readFileSync(file, "utf8")) as Baseline;
}

/** @param kept what else is in it. */
export function writeBaseline(figures: readonly Figure[], kept: Baseline, file: string): void {
  const measured = figures.filter(isKept).map(({ id, figure }) => [id, Number(figure.toPrecision(6))]);
  writeFileSync(file, `${JSON.stringify({ ...kept, ...Object.fromEntries(measured) }, null, 2)}\n`);
}

/** @returns by which factor a figure has grown, where that is more than it may. */
export function regression({ id, figure, counted }: Figure, baseline: Baseline): number | undefined {
  const before = baseline[id];
  if (!counted || before === undefined || figure <= before * MOST) return undefined;
  return figure / before;
}

/** Ids of what is counted, and of which nobody would notice that it grew. */
export function unguarded(figures: readonly Figure[], baseline: Baseline): string[] {
  return figures.filter((one) => isKept(one) && !(one.id in baseline)).map(({ id }) => id);
}

/** Ids of what has been counted and is not any more: nobody would notice that it grew. */
export function missing(figures: readonly Figure[], baseline: Baseline): string[] {
  const measured = new Set(figures.filter(isKept).map(({ id }) => id));
  return Object.keys(baseline).filter((id) => !measured.has(id));
}

/**
 * Ids of what was not to be measured, and stays in the baseline as it is.
 *
 * @param isOne whether one measurement was made alone.
 * @param names of the measurements that were made.
 */
export function elsewhereIn(baseline: Baseline, { isOne, names }: { isOne: boolean; names: readonly string[] }) {
  // The thousand builds take too long to be made with each change.
  return Object.keys(baseline).filter((id) => isOne || (id.startsWith("thousand-") && !names.includes("thousand")));
}
