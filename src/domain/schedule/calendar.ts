import { Cron } from "croner";
import { lastPatchTimes, nextPatchTime, type PatchTime, patchTimeOf } from "./patchTuesday.ts";
import { instantOf, wallTimeOf, type WallTime } from "./wallClock.ts";

/** What comes again and again, as instants. */
export interface Calendar {
  next(after: Date): Date | undefined;
  /** Those after `after` and not after `until`, the last `most` of them, oldest first. */
  between(after: Date, until: Date, most: number): Date[];
}

/** Times on a wall's clock. */
interface WallCalendar {
  next(after: WallTime): WallTime | undefined;
  /** The newest first. */
  last(count: number, until: WallTime): WallTime[];
}

/** No clock is put forward or back by more. */
const SHIFT = 2 * 3_600_000;

/** @returns what is wrong with a cron expression; undefined where nothing is. */
export function cronFault(cron: string): string | undefined {
  try {
    const first = new Cron(cron, { mode: "5-part", utcOffset: 0 }).nextRun(new Date(0));
    return first ? undefined : "never comes: mend the day of the month, or the month";
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Cron\w+: /, "") : String(error);
    return `takes five fields, minute, hour, day of month, month and day of week: ${why}`;
  }
}

/**
 * What a cron expression means in a time zone. One whose hours are a `*` goes by the clock of the world, and comes as
 * often as on any other day when the clock on the wall is changed. Any other one goes by the wall's: what would come
 * twice comes once, and what would not come comes later.
 */
export function cronCalendar(cron: string, timeZone: string): Calendar {
  if (/^\S+\s+\*\s/.test(cron.trim())) return steadyCalendar(cron, timeZone);
  const onWall = new Cron(cron, { mode: "5-part", utcOffset: 0 });
  return inZone(timeZone, {
    next: (after) => onWall.nextRun(after) ?? undefined,
    last: (count, until) => onWall.previousRuns(count, justAfter(until)),
  });
}

/** @throws Error where the text is no such time. */
export function patchCalendar(at: string, timeZone: string): Calendar {
  const time: PatchTime | undefined = patchTimeOf(at);
  if (!time) throw new Error(`${at} is no time after patch Tuesday.`);
  return inZone(timeZone, {
    next: (after) => nextPatchTime(time, after),
    last: (count, until) => lastPatchTimes(time, count, until),
  });
}

function steadyCalendar(cron: string, timeZone: string): Calendar {
  const steady = new Cron(cron, { mode: "5-part", timezone: timeZone });
  return {
    next: (after) => steady.nextRun(after) ?? undefined,
    between: (after, until, most) =>
      steady
        .previousRuns(most, justAfter(until))
        .filter((instant) => instant > after)
        .toReversed(),
  };
}

function inZone(timeZone: string, wall: WallCalendar): Calendar {
  return {
    next(after) {
      let best: Date | undefined;
      let lookUntil = Number.POSITIVE_INFINITY;
      let from = new Date(wallTimeOf(after, timeZone).getTime() - SHIFT);
      // What is put off by a clock that is put forward may be overtaken by what comes after it.
      for (;;) {
        const found = wall.next(from);
        if (!found || found.getTime() > lookUntil) return best;
        from = found;
        const instant = instantOf(found, timeZone);
        if (instant <= after) continue;
        if (!best) lookUntil = found.getTime() + SHIFT;
        if (!best || instant < best) best = instant;
      }
    },
    between(after, until, most) {
      const latest = new Date(wallTimeOf(until, timeZone).getTime() + SHIFT);
      // Some of them are after it all the same.
      const instants = wall.last(most + SHIFT / 60_000, latest).map((found) => instantOf(found, timeZone).getTime());
      return [...new Set(instants)]
        .filter((instant) => instant > after.getTime() && instant <= until.getTime())
        .toSorted((one, other) => one - other)
        .slice(-most)
        .map((instant) => new Date(instant));
    },
  };
}

/** Occurrences are whole seconds, and one at the reference itself does not count as before it. */
function justAfter(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000 + 1000);
}
