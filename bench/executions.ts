import type { Clock } from "../local/clock/clock.ts";
import type { DurableFunctions } from "../local/functionsHost/durable/dispatcher.ts";

/** How often the service's functions were called, and in how many of the clock's seconds. */
export interface Executions {
  count: number;
  seconds: number;
}

/** Counts the calls of orchestrators, entities and activities: each is an execution that Azure bills. */
export function executionCounter() {
  const seconds = new Set<number>();
  let count = 0;
  let clock: Pick<Clock, "now"> | undefined;

  function noted<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    count++;
    if (clock) seconds.add(Math.floor(clock.now() / 1000));
    return call();
  }

  return {
    wrapFunctions: (functions: DurableFunctions): DurableFunctions => ({
      callOrchestrator: (item) => noted(() => functions.callOrchestrator(item)),
      callEntity: (batch) => noted(() => functions.callEntity(batch)),
      callActivity: (task) => noted(() => functions.callActivity(task)),
    }),
    /** By whose seconds it counts from now on. */
    goBy: (other: Pick<Clock, "now">) => void (clock = other),
    counted: (): Executions => ({ count, seconds: seconds.size }),
  };
}
