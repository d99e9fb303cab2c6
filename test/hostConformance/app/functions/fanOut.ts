import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";
import { caught, inputOf, later, shape, type Steps } from "./orchestration.ts";

interface FanOut {
  items: object[];
  after?: boolean;
}

const tasksOf = (context: OrchestrationContext) =>
  inputOf<FanOut>(context).items.map((item) => context.df.callActivity("slow", item));

df.app.orchestration("fanout", function* (context): Steps {
  const tasks = tasksOf(context);
  try {
    return { r: yield context.df.Task.all(tasks) };
  } catch (error) {
    if (!inputOf<FanOut>(context).after) return caught(error);
    return { ...caught(error), after: yield context.df.callActivity("echo", "after failure") };
  }
});

df.app.orchestration("fanoutAny", function* (context): Steps {
  const tasks = tasksOf(context);
  const first = (yield context.df.Task.any(tasks)) as df.Task;
  return { index: tasks.indexOf(first), result: first.result, faulted: first.isFaulted };
});

df.app.orchestration("emptyAll", function* (context): Steps {
  return shape(yield context.df.Task.all([]));
});

/** An iterable around a task: what `yield*` gives is typed, and must mean the same as the task itself. */
class Wrapped {
  readonly task: df.Task;

  constructor(task: df.Task) {
    this.task = task;
  }

  *[Symbol.iterator](): Generator<df.Task, unknown, unknown> {
    return yield this.task;
  }
}

df.app.orchestration("wrapper", function* (context): Steps {
  const act = (name: string, input: unknown) => new Wrapped(context.df.callActivity(name, input));
  const all = (calls: Wrapped[]) => new Wrapped(context.df.Task.all(calls.map(({ task }) => task)));
  const messageOf = function* (wrapped: Wrapped): Steps {
    try {
      return yield* wrapped;
    } catch (error) {
      return caught(error).message;
    }
  };
  const one = yield* act("echo", 1);
  const many = yield* all([2, 3, 4].map((value) => act("slow", { ms: value * 100, value })));
  const failed = yield* messageOf(act("thrower", { mode: "error" }));
  const failedAll = yield* messageOf(all([act("echo", "ok"), act("thrower", { mode: "error" })]));
  yield* new Wrapped(context.df.createTimer(later(context, 500)));
  const sub = (yield* new Wrapped(context.df.callSubOrchestrator("child", { value: "w" }))) as { v: unknown };
  return { one, many, failed, failedAll, sub: sub.v, last: yield* act("echo", "end") };
});
