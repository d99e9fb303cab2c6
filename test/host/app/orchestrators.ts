import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";

type Steps = Generator<df.Task, unknown, unknown>;

const after = (context: OrchestrationContext, milliseconds: number) =>
  new Date(context.df.currentUtcDateTime.getTime() + milliseconds);

/** The input, taken for what the test that gave it says it is. */
// eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the library has it so
const inputOf = <T>(context: OrchestrationContext): T => context.df.getInput<T>();

/** How often the orchestrator with that instance id was called: a wrong thing to look at, which some tests do. */
const calls = new Map<string, number>();

export function registerOrchestrators(): void {
  calls.clear();

  df.app.orchestration("sequence", function* (context): Steps {
    const { names } = inputOf<{ names: string[] }>(context);
    const results: unknown[] = [];
    for (const name of names) {
      results.push(yield context.df.callActivity("traced", { name }));
      context.df.setCustomStatus({ done: results.length });
    }
    return results;
  });

  df.app.orchestration("inSlowSteps", function* (context): Steps {
    const { names, milliseconds } = inputOf<{ names: string[]; milliseconds: number }>(context);
    const results: unknown[] = [];
    for (const name of names) results.push(yield context.df.callActivity("slow", { name, milliseconds }));
    return results;
  });

  df.app.orchestration("retries", function* (context): Steps {
    const { failures, attempts, interval, timeout } = inputOf<{
      failures: number;
      attempts: number;
      interval: number;
      timeout?: number;
    }>(context);
    const options = new df.RetryOptions(interval, attempts);
    options.backoffCoefficient = 2;
    if (timeout) options.retryTimeoutInMilliseconds = timeout;
    try {
      return yield context.df.callActivityWithRetry("flaky", options, { id: context.df.instanceId, failures });
    } catch (error) {
      return `caught ${(error as Error).message.split(" \n ")[0]}`;
    }
  });

  df.app.orchestration("waits", function* (context): Steps {
    const { milliseconds } = inputOf<{ milliseconds: number }>(context);
    yield context.df.createTimer(after(context, milliseconds));
    return "waited";
  });

  df.app.orchestration("eventOrTimeout", function* (context): Steps {
    const { milliseconds, keepTimer } = inputOf<{ milliseconds: number; keepTimer?: boolean }>(context);
    const timer = context.df.createTimer(after(context, milliseconds));
    const event = context.df.waitForExternalEvent("Go");
    const winner = yield context.df.Task.any([event, timer]);
    if (winner !== event) return "timed out";
    if (!keepTimer) timer.cancel();
    return { data: event.result };
  });

  df.app.orchestration("twoWaits", function* (context): Steps {
    const waits = [context.df.waitForExternalEvent("Go"), context.df.waitForExternalEvent("Go")];
    return yield context.df.Task.all(waits);
  });

  df.app.orchestration("parent", function* (context): Steps {
    const input = inputOf<{ child: string; input: unknown; ownId?: boolean; attempts?: number }>(context);
    const id = input.ownId ? `${context.df.instanceId}-child` : undefined;
    const call = input.attempts
      ? context.df.callSubOrchestratorWithRetry(input.child, new df.RetryOptions(1000, input.attempts), input.input, id)
      : context.df.callSubOrchestrator(input.child, input.input, id);
    try {
      return { ok: yield call };
    } catch (error) {
      return { caught: (error as Error).message.split(" \n ")[0] };
    }
  });

  df.app.orchestration("racesChild", function* (context): Steps {
    const { races } = inputOf<{ races: number }>(context);
    const child = context.df.callSubOrchestrator("waits", { milliseconds: 60_000 }, `${context.df.instanceId}-child`);
    for (let race = 1; race <= races; race++) {
      yield context.df.Task.any([child, context.df.createTimer(after(context, 5_000))]);
    }
    return yield child;
  });

  df.app.orchestration("fails", function* (context): Steps {
    yield context.df.callActivity("echo", 1);
    throw new Error("it went wrong");
  });

  df.app.orchestration("breaksOnce", function* (context): Steps {
    const first = yield context.df.callActivity("echo", "before");
    return [first, yield context.df.callActivity("flaky", { id: context.df.instanceId, failures: 1 })];
  });

  df.app.orchestration("relies", function* (context): Steps {
    return yield context.df.callSubOrchestrator(inputOf<{ child: string }>(context).child);
  });

  // eslint-disable-next-line require-yield -- an orchestrator is a generator even so
  df.app.orchestration("throwsText", function* (): Steps {
    // eslint-disable-next-line typescript/only-throw-error -- what is thrown is what is tried
    throw "no error";
  });

  df.app.orchestration("callsHttp", function* (context): Steps {
    return yield context.df.callHttp({ method: "GET", url: "http://localhost/nowhere" });
  });

  df.app.orchestration("fanOut", function* (context): Steps {
    const { items } = inputOf<{ items: { name: string; milliseconds: number; fail?: string }[] }>(context);
    try {
      return yield context.df.Task.all(items.map((item) => context.df.callActivity("slow", item)));
    } catch (error) {
      return `caught ${(error as Error).message.split(" \n ")[0]}`;
    }
  });

  df.app.orchestration("rounds", function* (context): Steps {
    const { round, last } = inputOf<{ round: number; last: number }>(context);
    yield context.df.callActivity("traced", { name: `round ${round}` });
    if (round === last) return `${round} rounds`;
    context.df.continueAsNew({ round: round + 1, last });
    return undefined;
  });

  df.app.orchestration("eventRounds", function* (context): Steps {
    const { seen } = inputOf<{ seen: unknown[] }>(context);
    const event = yield context.df.waitForExternalEvent("Go");
    yield context.df.callActivity("slow", { name: "round", milliseconds: 5_000 });
    context.df.continueAsNew({ seen: [...seen, event] });
    return undefined;
  });

  df.app.orchestration("describesInputs", function* (context): Steps {
    const results: unknown[] = [];
    for (const input of [undefined, null, 0, false, "", "text", "123", [1], { a: 1 }]) {
      results.push(yield context.df.callActivity("describe", input));
    }
    return results;
  });

  df.app.orchestration("returnsInput", function* (context): Steps {
    yield context.df.callActivity("echo", 1);
    return { type: typeof context.df.getInput(), value: context.df.getInput() };
  });

  df.app.orchestration("callsUnknown", function* (context): Steps {
    return yield context.df.callActivity("noSuchActivity", 1);
  });

  df.app.orchestration("callsThrowNull", function* (context): Steps {
    return yield context.df.callActivity("throwNull");
  });

  df.app.orchestration("bigStatus", function* (context): Steps {
    yield context.df.callActivity("echo", 1);
    context.df.setCustomStatus("x".repeat(inputOf<number>(context)));
    yield context.df.callActivity("echo", 2);
    return "done";
  });

  df.app.orchestration("changesItsMind", function* (context): Steps {
    const count = (calls.get(context.df.instanceId) ?? 0) + 1;
    calls.set(context.df.instanceId, count);
    return yield context.df.callActivity(count === 1 ? "echo" : "describe", "x");
  });

  df.app.orchestration("suspendable", function* (context): Steps {
    const event = yield context.df.waitForExternalEvent("Go");
    return [event, yield context.df.callActivity("echo", "after")];
  });
}
