import type { HistorySize } from "../../../../local/functionsHost/testing/historySizes.ts";
import type { Evidence } from "../evidence.ts";

/** What the engine still loads and replays in a moment, in events and in bytes. */
export const LONGEST_HISTORY = { events: 300, bytes: 200 * 1024 };

/** H: no instance's history ever grows beyond the bounds. */
export function brokenHistories({ histories }: Pick<Evidence, "histories">): string[] {
  return [...histories]
    .filter(([, size]) => isTooLong(size))
    .map(([id, { events, bytes }]) => `H: the history of ${id} had ${events} events and ${bytes} bytes`);
}

export const isTooLong = ({ events, bytes }: Omit<HistorySize, "name">): boolean =>
  events > LONGEST_HISTORY.events || bytes > LONGEST_HISTORY.bytes;
