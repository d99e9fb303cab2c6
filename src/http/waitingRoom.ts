import * as z from "zod";

/** Requests that wait in one host at the same time: each of them looks once a second. */
const MOST_WAITING = 100;
const LOOK_MILLISECONDS = 1000;

/** Looks again and again until there is news, or the time is over. @returns what was seen last. */
export type LookUntil = <Seen>(
  look: () => Promise<Seen>,
  isNews: (seen: Seen, first: Seen) => boolean,
  waitSeconds: number,
) => Promise<Seen>;

/** Where requests wait for news. The engine tells nobody when something changes, so that each looks by itself. */
export function waitingRoom(most = MOST_WAITING): LookUntil {
  let waiting = 0;
  return async (look, isNews, waitSeconds) => {
    const until = Date.now() + waitSeconds * 1000;
    const first = await look();
    // Where too many wait, it is as if nobody had asked to.
    if (waiting >= most) return first;
    waiting += 1;
    try {
      let seen = first;
      while (!isNews(seen, first)) {
        const left = until - Date.now();
        if (left <= 0) break;
        await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MILLISECONDS)));
        seen = await look();
      }
      return seen;
    } finally {
      waiting -= 1;
    }
  };
}

const OF_WAIT = { error: "takes a number of seconds from 0 to 30" };

/** The parameter of a query by which a caller asks to wait. */
export const wait = z.coerce
  .number(OF_WAIT)
  .int(OF_WAIT)
  .min(0, OF_WAIT)
  .max(30, OF_WAIT)
  .default(0)
  .describe("Seconds to wait for news; where very many wait already, the answer comes at once.");
