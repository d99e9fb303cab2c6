import type { WallTime } from "./wallClock.ts";

const AT = /^patch-tuesday(?: *\+ *(?<days>\d{1,2})d)? +(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)$/;
const DAY = 86_400_000;
const TUESDAY = 2;

/** `patch-tuesday + 2d 03:00`: so many days after the second Tuesday of the month. */
export interface PatchTime {
  days: number;
  hour: number;
  minute: number;
}

export const PATCH_TIME_TEXT = "takes patch-tuesday, days after it and a time of day: patch-tuesday + 2d 03:00";

/** @returns undefined where the text is none. Up to 27 days later: then the next one has not come yet. */
export function patchTimeOf(text: string): PatchTime | undefined {
  const { days = "0", hour, minute } = AT.exec(text)?.groups ?? {};
  if (hour === undefined || Number(days) > 27) return undefined;
  return { days: Number(days), hour: Number(hour), minute: Number(minute) };
}

/** The first one of the months from this one of the year on that is after the wall's time. */
export function nextPatchTime(time: PatchTime, after: WallTime): WallTime {
  // That of the month before may still come.
  for (let month = after.getUTCMonth() - 1; ; month++) {
    const found = inMonth(time, after.getUTCFullYear(), month);
    if (found > after) return found;
  }
}

/** The last `count` that are not after the wall's time, the newest first. */
export function lastPatchTimes(time: PatchTime, count: number, until: WallTime): WallTime[] {
  const months = Array.from({ length: count + 2 }, (_, index) => until.getUTCMonth() - index);
  return months
    .map((month) => inMonth(time, until.getUTCFullYear(), month))
    .filter((found) => found <= until)
    .slice(0, count);
}

/** @param month from 0; before and beyond it are those of other years. */
function inMonth({ days, hour, minute }: PatchTime, year: number, month: number): WallTime {
  const first = Date.UTC(year, month, 1, hour, minute);
  const untilTuesday = (TUESDAY - new Date(first).getUTCDay() + 7) % 7;
  return new Date(first + (untilTuesday + 7 + days) * DAY);
}
