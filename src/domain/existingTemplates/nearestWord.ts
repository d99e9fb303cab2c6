/** The word that is most likely meant, if one is near enough: a letter in three may differ. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const lower = word.slice(0, 60).toLowerCase();
  const [nearest] = words
    .map((one) => ({ one, steps: distance(lower, one.toLowerCase()) }))
    .filter(({ one, steps }) => steps <= Math.max(one.length, lower.length) / 3)
    .sort((a, b) => a.steps - b.steps);
  return nearest?.one;
}

/** Letters to add, drop, change or swap with their neighbour. */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const [before = [], above = []] = [rows[row - 2], rows[row - 1]];
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(current);
  }
  return rows[from.length]?.[to.length] ?? Infinity;
}
