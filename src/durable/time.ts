import type { OrchestrationContext, TimerTask } from "durable-functions";
import { Call } from "./call.ts";

/** The engine cuts delays to whole seconds and may be one early: below this, a loop would spin. */
const SHORTEST_PAUSE_SECONDS = 2;

/** Waits durably: the orchestrator is not in memory meanwhile, and a restart does not begin the wait anew. */
export function pause(context: OrchestrationContext, seconds: number): Call<void> {
  return new Call(`a pause of ${seconds} s`, function* () {
    yield timer(context, seconds);
  });
}

/** A timer to be waited for together with something else; it must be cancelled where it loses. */
export function timer(context: OrchestrationContext, seconds: number): TimerTask {
  const milliseconds = Math.max(SHORTEST_PAUSE_SECONDS, seconds) * 1000;
  return context.df.createTimer(new Date(now(context).getTime() + milliseconds));
}

/**
 * A fifth more or less, so that many who wait for the same do not come back at once; the same at each replay.
 *
 * @param most seconds more or less.
 */
export function jittered(context: OrchestrationContext, seconds: number, most = Infinity): number {
  const chance = Number.parseInt(context.df.newGuid(context.df.instanceId).slice(0, 6), 16) / 0xff_ff_ff;
  return seconds + Math.min(most, 0.2 * seconds) * (2 * chance - 1);
}

/** The orchestrator's time: the same at each replay. */
export function now(context: OrchestrationContext): Date {
  return context.df.currentUtcDateTime;
}

/** ISO 8601, so many seconds from now. */
export function later(context: OrchestrationContext, seconds: number): string {
  return new Date(now(context).getTime() + seconds * 1000).toISOString();
}

export function secondsSince(context: OrchestrationContext, instant: string): number {
  return (now(context).getTime() - Date.parse(instant)) / 1000;
}

/**
 * Ends this generation of an orchestrator and begins the next with `input` and an empty history. Events that have
 * arrived and were not waited for are lost, and so is every clean-up: only an orchestrator without may use it.
 */
export function startAnew(context: OrchestrationContext, input: unknown): never {
  context.df.continueAsNew(input);
  // The engine ignores what a generation returns that starts anew.
  return undefined as never;
}
