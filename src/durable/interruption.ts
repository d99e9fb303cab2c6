import type { OrchestrationContext, Task } from "durable-functions";
import type { Steps } from "./call.ts";
import { timer } from "./time.ts";

/** An event that may come at any time and ends whatever waits for something else. */
export interface Interruption<T> {
  /** Whether it has come, with whatever: false as long as nobody has waited. */
  readonly came: boolean;
  /** What came with it: undefined until it has come, and as long as nobody has waited. */
  readonly told: T | undefined;
  /**
   * Waits for the task; where the event has come already, the task is not even begun. It must never have been waited
   * for before: the extension starts a task anew with each `Task.any` that names it.
   *
   * @returns false where the event came first; a task that has begun goes on, and can be yielded.
   */
  unless(task: Task): Steps<boolean>;
  /** Waits so many seconds. @returns false at once where the event comes. */
  pause(seconds: number): Steps<boolean>;
}

/** @param event its persisted name. It is opened once: the engine hands an event to the wait that was opened last. */
export function interruption<T>(context: OrchestrationContext, event: string): Interruption<T> {
  const coming = context.df.waitForExternalEvent(event);

  function* unless(task: Task): Steps<boolean> {
    if (!coming.isCompleted) yield context.df.Task.any([task, coming]);
    return !coming.isCompleted;
  }

  return {
    get came() {
      return coming.isCompleted;
    },
    get told() {
      return coming.isCompleted ? (coming.result as T) : undefined;
    },
    unless,
    *pause(seconds) {
      const waiting = timer(context, seconds);
      const undisturbed = yield* unless(waiting);
      if (!waiting.isCompleted) waiting.cancel();
      return undisturbed;
    },
  };
}
