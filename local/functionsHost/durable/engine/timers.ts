import { Completion } from "./completion.ts";
import type { OrchestrationContext } from "./orchestrationContext.ts";

const DAY = 24 * 3_600_000;
/** The longest delay a storage queue takes; what is longer is waited for piece by piece. */
export const LONGEST_TIMER = 6 * DAY;
export const LONG_TIMER_PIECE = 3 * DAY;

/** @param fireAt milliseconds since 1970. */
export function createTimer(context: OrchestrationContext, fireAt: number, isCancelled: boolean): Completion {
  const schedule = (at: number) =>
    context.schedule({ kind: "createTimer", fireAt: new Date(at).toISOString() }, { isCancelled });
  if (fireAt - context.now <= LONGEST_TIMER) return schedule(fireAt);
  const whole = new Completion();
  const wait = (at: number) => {
    schedule(at).onSettled((outcome) => {
      const left = fireAt - context.now;
      if (outcome === "cancelled") whole.settle("cancelled");
      else if (left <= 0) whole.settle("succeeded");
      else wait(context.now + Math.min(left, LONG_TIMER_PIECE));
    });
  };
  wait(context.now + LONG_TIMER_PIECE);
  return whole;
}

/**
 * What a message takes when it is not hidden at all, in milliseconds. The last second of a long timer is waited for in
 * such steps: it must pass.
 */
const ROUND_TRIP = 20;

/**
 * When a timer's message becomes visible. Storage queues count whole seconds and the message is sent a little after
 * the orchestrator looked at its clock, so that a timer fires up to a second early. @param now when it is sent.
 */
export function visibleAt(fireAt: number, now: number): number {
  const wholeSeconds = Math.floor((fireAt - now - 1) / 1000);
  return now + Math.max(ROUND_TRIP, wholeSeconds * 1000);
}
