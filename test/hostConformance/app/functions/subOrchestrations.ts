import * as df from "durable-functions";
import { caught, inputOf, type Steps } from "./orchestration.ts";

df.app.orchestration("child", function* (context): Steps {
  const { value = "child value", fail } = inputOf<{ value?: unknown; fail?: string } | null>(context) ?? {};
  const v = yield context.df.callActivity("echo", value);
  if (fail) throw new Error(fail);
  return { v, parent: context.df.parentInstanceId ?? null };
});

const childTries = new Map<string, number>();

df.app.orchestration("flakyChild", function* (context): Steps {
  const { id, failTimes } = inputOf<{ id: string; failTimes: number }>(context);
  yield context.df.callActivity("echo", "x");
  if (!context.df.isReplaying) childTries.set(id, (childTries.get(id) ?? 0) + 1);
  if ((childTries.get(id) ?? 0) <= failTimes) throw new Error("child failure");
  return "child ok";
});

interface Parent {
  name?: string;
  input?: unknown;
  childSuffix?: string;
  retry?: number;
  failTimes?: number;
  uncaught?: boolean;
}

df.app.orchestration("parent", function* (context): Steps {
  const { name, input, childSuffix, retry, failTimes, uncaught } = inputOf<Parent>(context);
  const { instanceId } = context.df;
  const id = childSuffix ? `${instanceId}${childSuffix}` : undefined;
  const call = () =>
    retry
      ? context.df.callSubOrchestratorWithRetry(
          name ?? "flakyChild",
          new df.RetryOptions(1000, retry),
          { id: instanceId, failTimes },
          id,
        )
      : context.df.callSubOrchestrator(name ?? "child", input, id);
  try {
    return { ok: yield call() };
  } catch (error) {
    if (uncaught) throw error;
    return { caught: caught(error) };
  }
});

df.app.orchestration("parentWaiting", function* (context): Steps {
  return yield context.df.callSubOrchestrator("eventCase", null, `${context.df.instanceId}-c`);
});
