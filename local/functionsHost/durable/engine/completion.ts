/** How a task of the engine ended; what it brought is of no interest to the engine, only to user code. */
export type Outcome = "succeeded" | "failed" | "cancelled";

/**
 * A task that the engine awaits. Unlike a promise it tells its listeners at once, in the order they came, as the
 * extension's single-threaded scheduler does: which event led to which action decides the sequence numbers.
 */
export class Completion {
  #outcome: Outcome | undefined;
  #listeners: ((outcome: Outcome) => void)[] = [];

  static of(outcome: Outcome): Completion {
    const completion = new Completion();
    completion.settle(outcome);
    return completion;
  }

  get isSettled(): boolean {
    return this.#outcome !== undefined;
  }

  /** The first outcome counts. */
  settle(outcome: Outcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener(outcome);
  }

  onSettled(listener: (outcome: Outcome) => void): void {
    if (this.#outcome === undefined) this.#listeners.push(listener);
    else listener(this.#outcome);
  }
}

/** Settles when the last one has, a failure does not end it early. */
export function whenAll(tasks: Completion[]): Completion {
  const all = new Completion();
  const outcomes: Outcome[] = [];
  const count = (outcome: Outcome) => {
    outcomes.push(outcome);
    if (outcomes.length === tasks.length) all.settle(outcomes.includes("failed") ? "failed" : "succeeded");
  };
  if (tasks.length === 0) all.settle("succeeded");
  for (const task of tasks) task.onSettled(count);
  return all;
}

export function whenAny(tasks: Completion[]): Completion {
  const any = new Completion();
  for (const task of tasks) task.onSettled(() => any.settle("succeeded"));
  return any;
}
