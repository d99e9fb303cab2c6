import type { Clock, Timeout } from "./clock.ts";

/** The point at which local and real time were last tied together, and how much faster the local one runs. */
export interface Epoch {
  /** Real milliseconds since 1970 at the tie. */
  real: number;
  /** Local milliseconds since 1970 at the tie. */
  local: number;
  /** Local seconds in a real one; 1 is real time. */
  speed: number;
}

// Taken before any app can replace them.
const realNow = Date.now;
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;

/** Longest delay Node's timers take. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A clock that runs `epoch.speed` times as fast as the real one. Clocks of equal epoch agree, also across processes. */
export function spedUpClock(epoch: Epoch = { real: 0, local: 0, speed: 1 }): Clock {
  const pending = new Set<Timeout>();
  let closed = false;
  const now = () => epoch.local + (realNow() - epoch.real) * epoch.speed;

  const setTimeout = (run: () => void, milliseconds: number): Timeout => {
    const due = now() + Math.max(0, milliseconds);
    let handle: NodeJS.Timeout | undefined;
    const timeout = {
      cancel() {
        realClearTimeout(handle);
        pending.delete(timeout);
      },
    };
    const wait = () => {
      const left = (due - now()) / epoch.speed;
      handle = realSetTimeout(fire, Math.min(LONGEST_DELAY, Math.max(0, Math.ceil(left))));
    };
    const fire = () => {
      // Node's timers may be a millisecond early, which a fast clock multiplies.
      if (now() < due) return wait();
      pending.delete(timeout);
      run();
    };
    if (!closed) {
      pending.add(timeout);
      wait();
    }
    return timeout;
  };

  return {
    now: () => Math.floor(now()),
    setTimeout,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    close() {
      closed = true;
      for (const timeout of pending) timeout.cancel();
    },
  };
}
