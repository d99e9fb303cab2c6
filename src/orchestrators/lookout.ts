import type { OrchestrationContext } from "durable-functions";
import type { Steps } from "../durable/call.ts";
import { interruption } from "../durable/interruption.ts";
import type { Rest } from "../durable/patience.ts";
import { jittered, now } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { LOOKS_A_GENERATION } from "./patience.ts";

/** Seconds between the looks that follow a hint: Azure may tell that something has happened before it shows it. */
const AGAIN_SECONDS = [5, 15];
/** After hints that have shown nothing new, seconds in which no other leads to a look: twice as long each time. */
const REST_SECONDS = { first: 30, longest: 1800 };
/** By which a look comes earlier or later at the most: one that is due when an end is near must not miss it by minutes. */
const MOST_JITTER_SECONDS = 30;

/** What goes with whoever looks into the next generation. All times are milliseconds since 1970. */
export interface Lookout {
  /** Looks by the cadence. */
  looked: number;
  /** Whether events evidently come of what is waited for, so that there is less need to look. */
  eventsCome: boolean;
  /** When the next look by the cadence is due. */
  dueAt?: number;
  /** Whether there was a hint that no look has followed yet. */
  isHinted?: boolean;
  /** Of a hint that looks follow: when the next is due, and how many there have been. */
  following?: { at: number; looks: number };
  /** Hints in a row that have shown nothing new, and until when no other leads to a look. */
  fruitless?: number;
  restsUntil?: number;
}

/** Of who has not looked yet. */
export function firstLookout(eventsCome = false): Lookout {
  return { looked: 0, eventsCome };
}

/** What follows the wait for a look: the look, nothing any more, or the next generation. */
export type Next = "look" | "stopped" | "anew";

/**
 * Tells when to look at something that Azure does: by a cadence, and at once where an event hints that it is done. A hint is
 * no more than that. It shifts no look of the cadence, and however many come, ever fewer looks follow from them as long as
 * none shows anything new.
 *
 * @param heeds whether it stops where it is woken for that.
 */
export function lookout(context: OrchestrationContext, before: Lookout, heeds: "stop" | "hints" = "stop") {
  const state = { ...before };
  let woken = interruption<Wake>(context, WAKE);
  let isStopped = false;
  let wasHinted = false;
  // Looks and events: no history grows with what others send.
  let turns = 0;
  const time = () => now(context).getTime();

  /** @returns false where an event has come before. */
  function* sleep(until: number): Steps<boolean> {
    if (until <= time() || (yield* woken.pause((until - time()) / 1000))) return true;
    if (heeds === "stop" && woken.told?.stop) isStopped = true;
    else state.eventsCome = state.isHinted = true;
    woken = interruption<Wake>(context, WAKE);
    turns += 1;
    return false;
  }

  /** The last look has followed a hint and shown nothing new. */
  function lookAgain(looks: number): void {
    const seconds = AGAIN_SECONDS[looks];
    if (seconds !== undefined) {
      state.following = { at: time() + seconds * 1000, looks: looks + 1 };
      return;
    }
    const { fruitless = 0 } = state;
    const restSeconds = Math.min(REST_SECONDS.longest, REST_SECONDS.first * 2 ** Math.min(fruitless, 30));
    delete state.following;
    state.fruitless = fruitless + 1;
    state.restsUntil = time() + restSeconds * 1000;
  }

  const rest: Rest = function* (seconds) {
    const until = time() + seconds * 1000;
    while (!isStopped && !(yield* sleep(until)));
    return !isStopped;
  };

  return {
    /** What Azure asks to wait is waited whatever hints come. */
    rest,

    /** For the next generation. */
    get state(): Lookout {
      return state;
    },

    /** The last look has shown something new: hints are worth to be followed. */
    news(): void {
      delete state.following;
      delete state.fruitless;
      delete state.restsUntil;
      wasHinted = false;
    },

    /** @param cadence seconds until the next look where no hint comes. */
    *next(cadence: (lookout: Lookout) => number): Steps<Next> {
      if (wasHinted && state.following) lookAgain(state.following.looks);
      for (turns += 1; turns <= LOOKS_A_GENERATION;) {
        if (isStopped) return "stopped";
        if (state.isHinted && !state.following) {
          state.following = { at: Math.max(time(), state.restsUntil ?? 0), looks: 0 };
          delete state.isHinted;
        }
        state.dueAt ??= time() + jittered(context, cadence(state), MOST_JITTER_SECONDS) * 1000;
        const hintedAt = state.following?.at ?? Infinity;
        if (!(yield* sleep(Math.min(state.dueAt, hintedAt)))) continue;
        wasHinted = hintedAt < state.dueAt;
        if (!wasHinted) {
          state.looked += 1;
          delete state.dueAt;
        }
        return "look";
      }
      return isStopped ? "stopped" : "anew";
    },
  };
}
