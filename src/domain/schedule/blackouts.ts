import { Cron } from "croner";
import { instantOf } from "./wallClock.ts";

/** A time in which nothing is started; see the recipe's field. */
export interface Blackout {
  from?: string | undefined;
  to?: string | undefined;
  weekly?: string | undefined;
  reason: string;
}

const MOMENT = /^(?<date>\d{4}-\d{2}-\d{2})(?: (?<time>([01]\d|2[0-3]):[0-5]\d))?$/;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const WEEKLY =
  /^(?<fromDay>[A-Z][a-z]{2}) (?<fromHour>[01]\d|2[0-3]):(?<fromMinute>[0-5]\d) *- *(?<toDay>[A-Z][a-z]{2}) (?<toHour>[01]\d|2[0-3]):(?<toMinute>[0-5]\d)$/;

export const MOMENT_TEXT = "takes a date, and a time where it is not the whole day: 2026-12-20, 2026-12-20 18:00";
export const WEEKLY_TEXT = "takes a day and a time, and those of its end: Fri 18:00 - Mon 06:00";

export function isMoment(text: string): boolean {
  const { date } = MOMENT.exec(text)?.groups ?? {};
  if (date === undefined) return false;
  // A day that its month has not would be taken for one of the next.
  const parsed = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(date);
}

/** @returns the cron expressions of beginning and end; undefined where the text is no such time of the week. */
export function weekTimesOf(text: string): { from: string; to: string } | undefined {
  const { fromDay = "", fromHour, fromMinute, toDay = "", toHour, toMinute } = WEEKLY.exec(text)?.groups ?? {};
  if (!DAYS.includes(fromDay) || !DAYS.includes(toDay)) return undefined;
  const from = `${Number(fromMinute)} ${Number(fromHour)} * * ${DAYS.indexOf(fromDay)}`;
  const to = `${Number(toMinute)} ${Number(toHour)} * * ${DAYS.indexOf(toDay)}`;
  return from === to ? undefined : { from, to };
}

/** The instants between which a blackout of dates lies; a date alone is the whole day, also at its end. */
export function spanOf({ from = "", to = "" }: Pick<Blackout, "from" | "to">, timeZone: string): [Date, Date] {
  const end = MOMENT.exec(to)?.groups?.["time"] ? wallOf(to) : wallOf(to) + 86_400_000;
  return [instantOf(new Date(wallOf(from)), timeZone), instantOf(new Date(end), timeZone)];
}

function wallOf(moment: string): number {
  const { date = "", time = "00:00" } = MOMENT.exec(moment)?.groups ?? {};
  return Date.parse(`${date}T${time}:00Z`);
}

/** The blackout that an instant lies in, and when all is over that follows on it without a gap. */
export function blackoutAt(
  blackouts: readonly Blackout[],
  timeZone: string,
  instant: Date,
): { reason: string; until: Date } | undefined {
  const ends = (at: Date) =>
    blackouts.flatMap((one) => {
      const until = endOf(one, timeZone, at);
      return until ? [{ reason: one.reason, until }] : [];
    });
  const [first, ...others] = ends(instant);
  if (!first) return undefined;
  let until = latest([first, ...others].map((one) => one.until));
  // Two that meet are one; those that go on for ever are given up after a while.
  for (let count = 0; count < 100; count++) {
    const next = ends(until).map((one) => one.until);
    if (next.length === 0) break;
    until = latest(next);
  }
  return { reason: first.reason, until };
}

/** @returns when the blackout is over that the instant lies in; undefined where it does not. */
function endOf(blackout: Blackout, timeZone: string, instant: Date): Date | undefined {
  const week = blackout.weekly === undefined ? undefined : weekTimesOf(blackout.weekly);
  if (!week) {
    const [from, to] = spanOf(blackout, timeZone);
    return from <= instant && instant < to ? to : undefined;
  }
  const begins = weekly(week.from, timeZone).nextRun(instant);
  const ends = weekly(week.to, timeZone).nextRun(instant);
  return begins && ends && ends <= begins ? ends : undefined;
}

function latest(instants: readonly Date[]): Date {
  return new Date(Math.max(...instants.map((one) => one.getTime())));
}

const crons = new Map<string, Cron>();

function weekly(cron: string, timeZone: string): Cron {
  const key = `${cron} ${timeZone}`;
  const known = crons.get(key) ?? new Cron(cron, { mode: "5-part", timezone: timeZone });
  crons.set(key, known);
  return known;
}
