import type { Clock, Timeout } from "../../clock/clock.ts";
import type { Azure } from "../azure.ts";

const waiting = new WeakMap<Azure, { due: number; timeout: Timeout }>();

/**
 * Whoever waits for an event asks nothing meanwhile, and without a request nothing happens here. So where there are
 * subscriptions, the clock calls `catchUp` when the next thing is due.
 */
export function wakeForEvents(azure: Azure, clock: Clock, catchUp: () => void): void {
  const before = waiting.get(azure);
  const due = azure.events.wanted()
    ? azure.state.transitions.reduce((first, one) => Math.min(first, one.due), Infinity)
    : Infinity;
  if (before?.due === due) return;
  before?.timeout.cancel();
  waiting.delete(azure);
  if (due === Infinity) return;
  const timeout = clock.setTimeout(
    () => {
      waiting.delete(azure);
      catchUp();
    },
    Math.max(0, due - clock.now()),
  );
  waiting.set(azure, { due, timeout });
}
