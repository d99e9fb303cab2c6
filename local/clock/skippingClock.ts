import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Clock, Timeout } from "./clock.ts";

// Taken before any app can replace them.
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;
const realSetImmediate = globalThis.setImmediate;

/** Turns of the event loop without a request under way after which the process counts as idle. */
const QUIET_TURNS = 4;
/** A request that waits for time itself, a long poll say, would hold it for ever: real milliseconds until it lets go. */
const LONGEST_HOLD = 250;

/** What a file that is being read, written or closed, and a name that is looked up, are called among a process's resources. */
const POOL_WORK = /^(FSReq|CloseReq|GetAddrInfoReq)/;

/**
 * A clock for one process: it stands still while anything is being worked on, and skips to the next due time as soon
 * as nothing is. An HTTP request under way, seen from its client, counts as work, and so do files and the names of
 * hosts; Node does not tell of what else its threads do, ciphers and compression.
 */
export function skippingClock(start: number): Clock {
  let now = start;
  let nextOrder = 0;
  let closed = false;
  let watching = false;
  const pending: { due: number; order: number; run: () => void }[] = [];
  const requests = requestsUnderWay(watch);

  /** Waits until the process is idle, then goes to the next due time; one watch at a time. */
  function watch(): void {
    if (watching || closed || pending.length === 0) return;
    watching = true;
    let quiet = 0;
    const turn = () => {
      if (requests.any()) {
        watching = false;
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

/** Counts the HTTP requests that this process has sent and not had the whole answer to; calls `idle` at the last. */
function requestsUnderWay(idle: () => void) {
  const holds = new Map<object, NodeJS.Timeout>();
  const letGo = (message: unknown) => {
    const { request } = message as { request: object };
    realClearTimeout(holds.get(request));
    if (holds.delete(request) && holds.size === 0) idle();
  };
  const hold = (message: unknown) => {
    const { request } = message as { request: object };
    holds.set(
      request,
      realSetTimeout(() => letGo(message), LONGEST_HOLD),
    );
  };
  // This channel tells of the answer's head; the body is still to come.
  const letGoAtEnd = (message: unknown) => {
    const { response } = message as { response: NodeJS.EventEmitter };
    response.once("close", () => letGo(message));
  };
  const channels: [string, (message: unknown) => void][] = [
    ["http.client.request.start", hold],
    ["http.client.request.error", letGo],
    ["http.client.response.finish", letGoAtEnd],
    ["undici:request:create", hold],
    ["undici:request:trailers", letGo],
    ["undici:request:error", letGo],
  ];
  for (const [channel, listener] of channels) subscribe(channel, listener);
  return {
    any: () => holds.size > 0,
    close() {
      for (const [channel, listener] of channels) unsubscribe(channel, listener);
      for (const timer of holds.values()) realClearTimeout(timer);
      holds.clear();
    },
  };
}
