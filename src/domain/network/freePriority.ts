import type { SecurityRule } from "./observed.ts";

/** The lowest and highest priority that a rule of a person's may have. */
const [FIRST, LAST] = [100, 4096];

/** @returns a priority that no rule has and that comes before the one given; undefined where there is none. */
export function freePriority(
  rules: readonly SecurityRule[],
  direction: string,
  before: number = LAST + 1,
): number | undefined {
  const taken = new Set(
    rules.filter((rule) => rule.direction?.toLowerCase() === direction.toLowerCase()).map(({ priority }) => priority),
  );
  for (let priority = Math.min(before, LAST + 1) - 1; priority >= FIRST; priority--) {
    if (!taken.has(priority)) return priority;
  }
  return undefined;
}
