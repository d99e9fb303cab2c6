import type { Azure } from "../azure.ts";
import type { Range } from "../settings.ts";
import type { Transition } from "./state.ts";

/** What happens when a transition is due, by its kind. */
export type TransitionTable = Record<string, (azure: Azure, transition: Transition) => void>;

/** Operations are told of for a day after they ended. */
const OPERATION_KEPT = 24 * 3600 * 1000;

export function schedule(azure: Azure, milliseconds: number, transition: Omit<Transition, "due">): void {
  azure.state.transitions.push({ due: azure.now + milliseconds, ...transition });
}

/** The same after a while that is drawn for that operation. @param range of seconds. */
export function scheduleWithin(azure: Azure, range: Range, purpose: string, transition: Omit<Transition, "due">): void {
  schedule(azure, azure.random.milliseconds(range, purpose, transition.operation), transition);
}

/**
 * Lets happen, in order of time, all that is due by `now`. Nothing else moves this Azure on: it needs no timers, so it
 * works as well after a restart, or with a clock that skips.
 */
export function advance(azure: Azure, now: number, table: TransitionTable): void {
  const { state } = azure;
  for (;;) {
    const next = earliest(state.transitions);
    if (!next || next.due > now) break;
    state.transitions.splice(state.transitions.indexOf(next), 1);
    azure.now = next.due;
    table[next.kind]?.(azure, next);
  }
  azure.now = now;
  forget(azure);
}

/** Of equals, the one that was scheduled first. */
function earliest(transitions: Transition[]): Transition | undefined {
  let first = transitions[0];
  for (const transition of transitions) if (first && transition.due < first.due) first = transition;
  return first;
}

function forget({ state, now }: Azure): void {
  state.fadingRoleAssignments = state.fadingRoleAssignments.filter(
    ({ effectiveUntil }) => now < (effectiveUntil ?? Infinity),
  );
  for (const [guid, { endTime }] of Object.entries(state.operations)) {
    if (endTime !== undefined && endTime + OPERATION_KEPT < now) delete state.operations[guid];
  }
}
