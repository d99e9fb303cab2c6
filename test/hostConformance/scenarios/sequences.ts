import { type Scenario, whole } from "./scenario.ts";

/** Inputs are compared as text: the order of their fields counts. */
interface Retry {
  first: number;
  max: number;
  failTimes: number;
  backoff?: number;
  maxInterval?: number;
  timeout?: number;
  catch?: true;
}

const retry = (name: string, input: Retry, timeoutMs?: number) =>
  whole(name, "retry", input, timeoutMs ? { timeoutMs } : {});

export const sequences: Scenario[] = [
  whole("seq", "seq", { n: 3 }, { payloads: "all" }),
  whole("no-yield", "asyncAwaitless", null),
  whole("yields-non-task", "yieldsNonTask", null),
  whole("determinism", "determinism", null),
  ...["name", "kind", "fewer", "input", "more"].map((mode) =>
    whole(`nondeterministic-${mode}`, "nondet", { mode }, { timeoutMs: 15_000 }),
  ),
];

export const failures: Scenario[] = [
  retry("retry-third-ok", { first: 1000, max: 5, failTimes: 2 }),
  retry("retry-backoff", { first: 1000, max: 5, failTimes: 3, backoff: 2 }),
  retry("retry-max-interval", { first: 1000, max: 5, failTimes: 3, backoff: 3, maxInterval: 2000 }),
  retry("retry-exhausted-caught", { first: 500, max: 3, failTimes: 99, catch: true }),
  retry("retry-exhausted", { first: 500, max: 3, failTimes: 99 }),
  retry("retry-timeout", { first: 5000, max: 10, failTimes: 99, timeout: 6000, catch: true }, 25_000),
  retry("retry-max-1", { first: 1000, max: 1, failTimes: 99, catch: true }),
  {
    name: "activity-throws-caught",
    run: async (probe) => {
      const modes = ["error", "custom", "string", "object", "null", "multiline", "cause", "empty", "long"];
      for (const mode of modes) await probe.whole("actThrow", { mode, catch: true }, { label: mode });
    },
  },
  whole("activity-throws", "actThrow", { mode: "error" }),
  whole("activity-throws-custom", "actThrow", { mode: "custom" }),
  whole("unknown-activity", "unknownActivity", null, { timeoutMs: 20_000 }),
  whole("unknown-activity-caught", "unknownActivity", { catch: true }, { timeoutMs: 20_000 }),
  {
    name: "orchestrator-throws",
    run: async (probe) => {
      await probe.whole("throws", { mode: "error" }, { label: "at-once" });
      await probe.whole("throws", { mode: "error", after: true }, { label: "after-activity" });
      await probe.whole("throws", { mode: "string" }, { label: "string", timeoutMs: 8000 });
      await probe.whole("throws", { mode: "custom", after: true }, { label: "custom" });
    },
  },
];
