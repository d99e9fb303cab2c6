import type { RetryOptions } from "./answer.ts";
import { Completion } from "./completion.ts";
import type { OrchestrationContext } from "./orchestrationContext.ts";

/** The longest interval the extension takes, and its default maximum: six days. */
const LONGEST_INTERVAL = 6 * 24 * 3_600_000;

/** Runs `attempt` until it succeeds or the options are exhausted, waiting by durable timers in between. */
export function runWithRetry(
  context: OrchestrationContext,
  options: RetryOptions,
  attempt: () => Completion,
): Completion {
  const whole = new Completion();
  // Refused by the extension where nobody sees it: the library waits for ever.
  if (longestInterval(options) > LONGEST_INTERVAL) return Completion.of("failed");
  if (options.firstRetryIntervalInMilliseconds > LONGEST_INTERVAL) return Completion.of("failed");
  const firstAttempt = context.now;
  const run = (count: number) => {
    attempt().onSettled((outcome) => {
      if (outcome === "succeeded") return whole.settle("succeeded");
      if (count + 1 >= options.maxNumberOfAttempts) {
        // Left from an older version of the extension: one more timer, due at once.
        timer(context, context.now).onSettled(() => whole.settle("failed"));
        return;
      }
      const delay = nextDelay(options, count, firstAttempt, context.now);
      if (delay === 0) return whole.settle("failed");
      timer(context, context.now + delay).onSettled(() => run(count + 1));
    });
  };
  run(0);
  return whole;
}

function nextDelay(options: RetryOptions, count: number, firstAttempt: number, now: number): number {
  const timeout = options.retryTimeoutInMilliseconds;
  if (timeout !== undefined && now >= firstAttempt + timeout) return 0;
  const backedOff = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** count;
  return Math.min(backedOff, longestInterval(options));
}

const longestInterval = (options: RetryOptions) => options.maxRetryIntervalInMilliseconds ?? LONGEST_INTERVAL;

const timer = (context: OrchestrationContext, fireAt: number) =>
  context.schedule({ kind: "createTimer", fireAt: new Date(fireAt).toISOString() });
