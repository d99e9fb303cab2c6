import { parse, v5 as uuidv5 } from "uuid";
import type { Schedule } from "../recipes/schedule.ts";
import { type Calendar, cronCalendar, patchCalendar } from "./calendar.ts";
import { millisecondsOf } from "./duration.ts";

/** A time at which a schedule looks whether to build. */
export interface Occurrence {
  due: Date;
  /** Whether it comes of `cron` or `at`, or of the image's age. */
  by: "calendar" | "age";
}

/** What an image's age counts from. */
export interface Ageing {
  /** When the last image was asked for that was built, ISO 8601; undefined where none is known. */
  builtAt: string | undefined;
  /** When the schedule was looked at first, ISO 8601: one of which nothing was built yet is due then. */
  since: string;
}

const MINUTE = 60_000;
/** An image that is too old is tried again so often. */
const DAY = 86_400_000;

/** @returns undefined where there is none any more. */
export function nextOccurrence(schedule: Schedule, ageing: Ageing, after: Date): Occurrence | undefined {
  const onCalendar = calendarOf(schedule)?.next(after);
  const byAge = ageCalendar(schedule, ageing)?.next(after);
  if (byAge && !(onCalendar && onCalendar <= byAge)) return { due: byAge, by: "age" };
  return onCalendar && { due: onCalendar, by: "calendar" };
}

/** Those after `after` and not after `until`, the last `most` of them, oldest first. */
export function occurrencesBetween(
  schedule: Schedule,
  ageing: Ageing,
  { after, until, most }: { after: Date; until: Date; most: number },
): Occurrence[] {
  const onCalendar = calendarOf(schedule)?.between(after, until, most) ?? [];
  const byAge = ageCalendar(schedule, ageing)?.between(after, until, most) ?? [];
  const isOnCalendar = new Set(onCalendar.map(Number));
  const all: Occurrence[] = [
    ...onCalendar.map((due) => ({ due, by: "calendar" as const })),
    ...byAge.filter((due) => !isOnCalendar.has(Number(due))).map((due) => ({ due, by: "age" as const })),
  ];
  return all.toSorted((one, other) => Number(one.due) - Number(other.due)).slice(-most);
}

/** Whether the image is older than its recipe lets it be; one that was never built is. */
export function isBeyondAge({ maximumAge }: Schedule, { builtAt }: Ageing, at: Date): boolean {
  if (maximumAge === undefined) return false;
  return builtAt === undefined || at.getTime() >= Date.parse(builtAt) + millisecondsOf(maximumAge);
}

const JITTERS = "0d0cbb0c-7f0e-5c55-9a45-3a4b8a9ff1a6";

/** When an occurrence starts: by its image's own part of the jitter later, the same whoever asks. In whole seconds. */
export function startOf({ jitter }: Schedule, image: string, due: Date): Date {
  const [a = 0, b = 0, c = 0] = parse(uuidv5(`${image} ${due.toISOString()}`, JITTERS));
  const chance = (a * 65_536 + b * 256 + c) / 2 ** 24;
  return new Date(due.getTime() + Math.floor((chance * millisecondsOf(jitter)) / 1000) * 1000);
}

/** `20270115T010000Z`: an occurrence in names. */
export function stampOf(due: Date): string {
  return due.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Parsed once: the timer asks of each recipe every few minutes. */
const calendars = new WeakMap<Schedule, Calendar>();

function calendarOf(schedule: Schedule): Calendar | undefined {
  const { cron, at, timeZone } = schedule;
  if (cron === undefined && at === undefined) return undefined;
  const known = calendars.get(schedule);
  const calendar = known ?? (cron === undefined ? patchCalendar(at ?? "", timeZone) : cronCalendar(cron, timeZone));
  calendars.set(schedule, calendar);
  return calendar;
}

/** Due at the minute in which the image gets too old, and each day from then on. */
function ageCalendar({ maximumAge }: Schedule, { builtAt, since }: Ageing): Calendar | undefined {
  if (maximumAge === undefined) return undefined;
  const old = builtAt === undefined ? Date.parse(since) : Date.parse(builtAt) + millisecondsOf(maximumAge);
  const first = Math.floor(old / MINUTE) * MINUTE + MINUTE;
  const nextAfter = (after: number) => first + Math.max(0, Math.floor((after - first) / DAY) + 1) * DAY;
  return {
    next: (after) => new Date(nextAfter(after.getTime())),
    between(after, until, most) {
      const earliest = Math.max(after.getTime(), until.getTime() - most * DAY);
      const found: Date[] = [];
      for (let due = nextAfter(earliest); due <= until.getTime(); due = nextAfter(due)) found.push(new Date(due));
      return found;
    },
  };
}
