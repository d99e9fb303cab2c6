import type { OrchestrationContext, Task } from "durable-functions";
import type { Steps } from "./call.ts";
import { secondsSince, timer } from "./time.ts";

/**
 * Waits for a task; where it is not done by the deadline, `overdue` is carried out meanwhile, and then it is waited for
 * again.
 *
 * @param deadline ISO 8601.
 */
export function* waitBeyond<T>(
  context: OrchestrationContext,
  task: Task,
  deadline: string,
  overdue: () => Steps<void>,
): Steps<T> {
  const due = timer(context, -secondsSince(context, deadline));
  yield context.df.Task.any([task, due]);
  if (due.isCompleted) yield* overdue();
  else due.cancel();
  return (yield task) as T;
}
