import type { Clock, Timeout } from "./clock.ts";
import { requestsOnTheWire } from "./requestsOnTheWire.ts";

// Taken before any app can replace them.
const realSetTimeout = globalThis.setTimeout;
const realSetImmediate = globalThis.setImmediate;

/** Turns of the event loop without a request under way after which the process counts as idle. */
const QUIET_TURNS = 4;

/** What a file that is being read, written or closed, and a name that is looked up, are called among a process's resources. */
const POOL_WORK = /^(FSReq|CloseReq|GetAddrInfoReq)/;

/** Real milliseconds between two looks at requests on the wire, where nothing tells of their arrival. */
const LOOK_AGAIN = 5;

/**
 * A clock for one process: it stands still while anything is being worked on, and skips to the next due time as soon
 * as nothing is. An HTTP request of this process counts as work, but for the time in which a server of this process
 * has it, which may itself be waiting for time; so do files and the names of hosts. Node does not tell of what else
 * its threads do, ciphers and compression.
 */
export function skippingClock(start: number): Clock {
  let now = start;
  let nextOrder = 0;
  let closed = false;
  let watching = false;
  let lookingAgain = false;
  const pending: { due: number; order: number; run: () => void }[] = [];
  const requests = requestsOnTheWire(watch);

  /** Waits until the process is idle, then goes to the next due time; one watch at a time. */
  function watch(): void {
    if (watching || closed || pending.length === 0) return;
    watching = true;
    let quiet = 0;
    const turn = () => {
      if (closed) return;
      if (requests.any()) {
        watching = false;
        if (!lookingAgain) realSetTimeout(lookAgain, LOOK_AGAIN);
        lookingAgain = true;
        return;
      }
      quiet = process.getActiveResourcesInfo().some((name) => POOL_WORK.test(name)) ? 0 : quiet + 1;
      if (quiet < QUIET_TURNS) {
        realSetImmediate(turn);
        return;
      }
      watching = false;
      skip();
      watch();
    };
    realSetImmediate(turn);
  }

  function lookAgain(): void {
    lookingAgain = false;
    if (closed) return;
    requests.requireProgress();
    watch();
  }

  function skip(): void {
    pending.sort((a, b) => a.due - b.due || a.order - b.order);
    const next = pending.shift();
    if (!next) return;
    now = Math.max(now, next.due);
    next.run();
  }

  function setTimeout(run: () => void, milliseconds: number): Timeout {
    const entry = { due: now + Math.max(0, milliseconds), order: nextOrder++, run };
    if (!closed) pending.push(entry);
    watch();
    return {
      cancel() {
        const at = pending.indexOf(entry);
        if (at >= 0) pending.splice(at, 1);
      },
    };
  }

  return {
    now: () => now,
    setTimeout,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    close() {
      closed = true;
      pending.length = 0;
      requests.close();
    },
  };
}
