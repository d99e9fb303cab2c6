import type { Schedule } from "./schedule.ts";

/** What a monitored schedule remembers across restarts. Milliseconds since 1970; null for never. */
export interface ScheduleStatus {
  last: number | null;
  next: number;
  lastUpdated: number | null;
}

/** The status before the first run, and what is remembered of it. */
export function initialStatus(schedule: Schedule, now: number): ScheduleStatus {
  return { last: null, next: schedule.nextAfter(now), lastUpdated: now };
}

/**
 * What a restart makes of the remembered status: when the schedule itself was changed meanwhile, the next occurrence
 * is counted anew and nothing is past due.
 */
export function statusAtRestart(schedule: Schedule, remembered: ScheduleStatus, now: number): ScheduleStatus {
  const counted = remembered.last ?? remembered.lastUpdated ?? now;
  const expected = schedule.nextAfter(counted);
  if (remembered.next === expected) return remembered;
  return { last: null, next: now > expected ? schedule.nextAfter(now) : expected, lastUpdated: counted };
}

/** The status after a run that began at `time`. */
export function statusAfterRun(
  schedule: Schedule,
  before: ScheduleStatus,
  time: number,
  isScheduled: boolean,
): ScheduleStatus {
  // A run that came a little early must not be due again in a moment.
  const last = isScheduled && before.next > time ? before.next : time;
  return { last, next: schedule.nextAfter(last), lastUpdated: last };
}

/** The trigger's value. @param status null when the schedule is not monitored. */
export function timerInfo(schedule: Schedule, status: ScheduleStatus | null, isPastDue: boolean): string {
  return JSON.stringify({
    Schedule: { AdjustForDST: schedule.adjustForDST },
    ScheduleStatus: status && {
      Last: localTime(status.last),
      Next: localTime(status.next),
      LastUpdated: localTime(status.last === null ? null : status.lastUpdated),
    },
    IsPastDue: isPastDue,
  });
}

/** ISO 8601 with the machine's offset, and no more decimals than it takes, as .NET writes it. */
function localTime(time: number | null): string {
  if (time === null) return "0001-01-01T00:00:00+00:00";
  const offset = -new Date(time).getTimezoneOffset();
  const local = new Date(time + offset * 60_000)
    .toISOString()
    .slice(0, -1)
    .replace(/\.?0*$/, "");
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local}${offset < 0 ? "-" : "+"}${twoDigits(hours)}:${twoDigits(minutes)}`;
}

const twoDigits = (count: number) => String(count).padStart(2, "0");
