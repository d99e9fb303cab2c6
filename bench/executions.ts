import type { Clock } from "../local/clock/clock.ts";
import type { DurableFunctions } from "../local/functionsHost/durable/dispatcher.ts";

/** What Azure bills of each execution at least: prices of Azure Functions. */
const LEAST = 1000;

/** How often the service's functions were called, and for how many of the clock's seconds that is billed. */
export interface Executions {
  count: number;
  /** One instance's: whatever runs at once, or begins in a second that is billed already, shares it. */
  seconds: number;
  /** Where none shared any. */
  secondsApart: number;
}

/** From when to when something ran, in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

export function executionsOf(spans: readonly Span[]): Executions {
  const billed = spans
    .map(({ from, to }) => ({ from, to: Math.max(to, from + LEAST) }))
    .toSorted((one, other) => one.from - other.from);
  let [shared, apart, until] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const { from, to } of billed) {
    shared += Math.max(0, to - Math.max(from, until));
    apart += to - from;
    until = Math.max(until, to);
  }
  return { count: spans.length, seconds: shared / 1000, secondsApart: apart / 1000 };
}

/** Counts the calls of orchestrators, entities and activities: each is an execution that Azure bills. */
export function executionCounter() {
  const spans: Span[] = [];
  let clock: Pick<Clock, "now"> | undefined;

  async function noted<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const by = clock;
    if (!by) throw new Error("goBy comes before what is counted.");
    const from = by.now();
    try {
      return await call();
    } finally {
      spans.push({ from, to: by.now() });
    }
  }

  return {
    wrapFunctions: (functions: DurableFunctions): DurableFunctions => ({
      callOrchestrator: (item) => noted(() => functions.callOrchestrator(item)),
      callEntity: (batch) => noted(() => functions.callEntity(batch)),
      callActivity: (task) => noted(() => functions.callActivity(task)),
    }),
    /** By whose time it counts. */
    goBy: (other: Pick<Clock, "now">) => void (clock = other),
    counted: (): Executions => executionsOf(spans),
  };
}
