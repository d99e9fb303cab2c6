/** One line of what is measured. */
export interface Figure {
  /** Kebab-case; never changed, since baselines go by it. */
  id: string;
  what: string;
  figure: number;
  /** Of what, or how it is to be read. */
  note?: string;
  target?: Target;
  /** Of which the figure is the highest, minute by minute. */
  series?: number[];
  /** The same on each machine, since it is counted, from a seed: it may not grow by more than a fifth. */
  counted?: true;
}

export type Target = { atLeast: number } | { atMost: number };

/** @param slack by which factor it may be missed. */
export function isMissed({ figure, target }: Figure, slack = 1): boolean {
  if (!target) return false;
  return !("atLeast" in target ? figure * slack >= target.atLeast : figure <= target.atMost * slack);
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function mean(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}
