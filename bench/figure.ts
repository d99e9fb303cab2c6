/** One line of what is measured. */
export interface Figure {
  /** Kebab-case; never changed, since baselines go by it. */
  id: string;
  what: string;
  figure: number;
  /** Of what, or how it is to be read. */
  note?: string;
  target?: Target;
  /** The same on each machine, since it is counted, from a seed: it may not grow by more than a fifth. */
  counted?: true;
}

export type Target = { atLeast: number } | { atMost: number };

export function isMissed({ figure, target }: Figure): boolean {
  if (!target) return false;
  return !("atLeast" in target ? figure >= target.atLeast : figure <= target.atMost);
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function mean(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}
