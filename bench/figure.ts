/** One line of what is measured. */
export interface Figure {
  /** Kebab-case; never changed, since baselines go by it. */
  id: string;
  what: string;
  figure: number;
  /** Of the worlds that it was measured in; none where nothing is left to chance. */
  seeds: readonly number[];
  /** Of what, or how it is to be read. */
  note?: string;
  target?: Target;
  /** Of which the figure is the highest, minute by minute. */
  series?: number[];
  /** The same on each machine, since it is counted, from a seed: it may not grow by more than a fifth. */
  counted?: true;
  /** Much the same on each machine: its target holds wherever only what is counted is looked at, and no other growth matters. */
  steady?: true;
}

/** Whether the baseline has it: documents tell it, or it may not grow. */
export function isKept({ counted, steady }: Figure): boolean {
  return Boolean(counted ?? steady);
}

export type Target = { atLeast: number } | { atMost: number };

/** What was measured in the same worlds. */
export function ofSeeds(seeds: number | readonly number[], figures: readonly Omit<Figure, "seeds">[]): Figure[] {
  return figures.map((one) => ({ ...one, seeds: [seeds].flat() }));
}

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
