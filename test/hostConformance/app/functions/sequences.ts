import * as df from "durable-functions";
import { caught, CustomError, inputOf, type Steps } from "./orchestration.ts";

df.app.orchestration("seq", function* (context): Steps {
  const results: unknown[] = [];
  context.df.setCustomStatus({ step: 0 });
  const { n = 3 } = inputOf<{ n?: number } | null>(context) ?? {};
  for (let i = 1; i <= n; i++) {
    results.push(yield context.df.callActivity("echo", { i }));
    context.df.setCustomStatus({ step: i });
  }
  return results;
});

interface Retry {
  first: number;
  max: number;
  failTimes: number;
  backoff?: number;
  maxInterval?: number;
  timeout?: number;
  catch?: boolean;
}

df.app.orchestration("retry", function* (context): Steps {
  const { first, max, failTimes, backoff, maxInterval, timeout, catch: catches } = inputOf<Retry>(context);
  const options = new df.RetryOptions(first, max);
  if (backoff) options.backoffCoefficient = backoff;
  if (maxInterval) options.maxRetryIntervalInMilliseconds = maxInterval;
  if (timeout) options.retryTimeoutInMilliseconds = timeout;
  try {
    return yield context.df.callActivityWithRetry("flaky", options, { id: context.df.instanceId, failTimes });
  } catch (error) {
    if (!catches) throw error;
    return caught(error);
  }
});

df.app.orchestration("actThrow", function* (context): Steps {
  const input = inputOf<{ mode: string; catch?: boolean }>(context);
  try {
    return yield context.df.callActivity("thrower", input);
  } catch (error) {
    if (!input.catch) throw error;
    return caught(error);
  }
});

df.app.orchestration("unknownActivity", function* (context): Steps {
  try {
    return yield context.df.callActivity("noSuchActivity", 1);
  } catch (error) {
    if (!inputOf<{ catch?: boolean } | null>(context)?.catch) throw error;
    return caught(error);
  }
});

df.app.orchestration("throws", function* (context): Steps {
  const { mode, after } = inputOf<{ mode: string; after?: boolean }>(context);
  if (after) yield context.df.callActivity("echo", "first");
  context.df.setCustomStatus("about to throw");
  // eslint-disable-next-line typescript/only-throw-error -- what is thrown is what is tried
  if (mode === "string") throw "thrown string";
  throw mode === "custom" ? new CustomError("orchestrator custom") : new Error("orchestrator message");
});

df.app.orchestration("yieldsNonTask", function* (): Steps {
  yield 5 as unknown as df.Task;
  return undefined;
});

// eslint-disable-next-line require-yield -- an orchestrator is a generator even so
df.app.orchestration("asyncAwaitless", function* (): Steps {
  return "no yield";
});

df.app.orchestration("failsUntilFixed", function* (context): Steps {
  yield context.df.callActivity("echo", "before");
  return yield context.df.callActivity("flaky", { id: context.df.instanceId, failTimes: 1 });
});
