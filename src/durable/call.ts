import type { Task } from "durable-functions";

/** A step of an orchestrator that may consist of several: a generator that yields what its calls yield. */
export type Steps<T> = Generator<Task, T, unknown>;

/** Calls made and not yet yielded, in the step that is running now; the engine never learns of them. */
const forgotten = new Set<Call<unknown>>();

/**
 * Something an orchestrator asks the engine for, typed by its answer: `const plan = yield* act.planBuild(request)`.
 * Nothing is scheduled before the `yield*`, which is why it must not be left out: see `takeForgottenCalls`.
 */
export class Call<T> {
  readonly name: string;
  readonly #steps: () => Steps<T>;

  constructor(name: string, steps: () => Steps<T>) {
    this.name = name;
    this.#steps = steps;
    forgotten.add(this);
  }

  [Symbol.iterator](): Steps<T> {
    forgotten.delete(this);
    return this.#steps();
  }
}

/** @returns an error where a call was made without `yield*`: the engine would silently never carry it out. */
export function takeForgottenCalls(): Error | undefined {
  const names = [...forgotten].map(({ name }) => name);
  forgotten.clear();
  return names.length > 0 ? new Error(`Called without yield*, so never carried out: ${names.join(", ")}.`) : undefined;
}
