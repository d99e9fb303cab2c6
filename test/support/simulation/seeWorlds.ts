/** A world that has been simulated, and what there is to say of it. */
export interface Seen {
  broken: string[];
  timeline: () => string;
  /** How its builds ended, a word or two each. */
  outcomes: string[];
}

export type See = (seed: number) => Promise<Seen>;

/** Prints what happened in one world. @returns the exit code. */
export async function seeOne(see: See, seed: number): Promise<number> {
  const seen = await see(seed).catch(fallen);
  print(seen);
  return seen.broken.length > 0 ? 1 : 0;
}

/** Counts how builds end in worlds, up to the first that breaks an invariant or falls over. @returns the exit code. */
export async function seeMany(see: See, count: number, from: number): Promise<number> {
  const counts = new Map<string, number>();
  for (let seed = from; seed < from + count; seed++) {
    const seen = await see(seed).catch(fallen);
    for (const outcome of seen.outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (seen.broken.length > 0) {
      print(seen);
      console.log(`${told(seed - from + 1, counts)}; 1 broken: see it again with --seed ${seed}`);
      return 1;
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${seed - from + 1} of ${count}`);
  }
  console.log(`${told(count, counts)}; 0 broken`);
  return 0;
}

/** A world that fell over before it could be looked at. */
function fallen(error: unknown): Seen {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { broken: ["The world fell over."], timeline: () => why, outcomes: [] };
}

function print({ broken, timeline }: Seen): void {
  console.log(timeline());
  for (const sentence of broken) console.log(`BROKEN  ${sentence}`);
}

function told(worlds: number, counts: Map<string, number>): string {
  const outcomes = [...counts].map(([outcome, number]) => `${number} ${outcome}`).toSorted();
  return `${worlds} worlds: ${outcomes.join(", ")}`;
}
