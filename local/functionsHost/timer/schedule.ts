import { Cron } from "croner";
import { parseTimeSpan } from "./timeSpan.ts";

/** When a timer function is due. Times are milliseconds since 1970. */
export interface Schedule {
  /** Whether it follows the wall clock rather than counting. */
  adjustForDST: boolean;
  /** The first occurrence after `time`. */
  nextAfter(time: number): number;
}

/** Parses a NCRONTAB expression (six fields, the first being seconds, or five) or a time span. Throws on others. */
export function parseSchedule(text: string): Schedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined && interval > 0) {
    return { adjustForDST: false, nextAfter: (time) => time + interval };
  }
  const fields = text.trim().split(/\s+/);
  const isNcrontab =
    (fields.length === 5 || fields.length === 6) &&
    fields.every((field) => FIELD.test(field)) &&
    !SEVENTH_DAY.test(fields.at(-1) ?? "");
  if (!isNcrontab)
    throw new Error(
      `The schedule expression '${text}' was not recognized as a valid cron expression or timespan string.`,
    );
  const seconds = fields.length === 6 ? [] : ["0"];
  const cron = new Cron([...seconds, ...fields].join(" "), {
    mode: "6-part",
    // Days of the month and of the week must both fit.
    domAndDow: true,
    sloppyRanges: true,
  });
  return {
    adjustForDST: true,
    nextAfter(time) {
      const next = cron.nextRun(new Date(time));
      if (!next) throw new Error(`The schedule expression '${text}' has no occurrence any more.`);
      return next.getTime();
    },
  };
}

/** NCRONTAB knows numbers, names, lists, ranges and steps; not the letters and nicknames of other dialects. */
const FIELD =
  /^(?:\*|[\d]+|[a-z]{3,9})(?:-(?:\d+|[a-z]{3,9}))?(?:\/\d+)?(?:,(?:\*|\d+|[a-z]{3,9})(?:-(?:\d+|[a-z]{3,9}))?(?:\/\d+)?)*$/i;

/** Sunday is 0 and nothing else. */
const SEVENTH_DAY = /(^|[,-])0*7($|[,/-])/;

/** Occurrences that are looked at for their distance. */
const LOOK_AHEAD = 5;

/** Whether it may be due more often than once a minute: such schedules are not monitored. */
export function isFrequent(schedule: Schedule, now: number): boolean {
  let last = schedule.nextAfter(now);
  for (let count = 1; count < LOOK_AHEAD; count++) {
    const next = schedule.nextAfter(last);
    if (next - last < 60_000) return true;
    last = next;
  }
  return false;
}
