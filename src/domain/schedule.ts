import { Cron } from "croner";
import type { Recipe } from "./recipes/schema.ts";

type Schedule = NonNullable<Recipe["schedule"]>;

/** @throws where the expression or the time zone is not valid. */
export function checkSchedule(schedule: Schedule): void {
  cronOf(schedule).nextRun(new Date(0));
}

/**
 * The schedule's last occurrence in the span (`after`, `until`]: what is due now if the last decision was made at
 * `after`. However many were missed in between, one build makes up for them.
 */
export function dueOccurrence(schedule: Schedule, after: Date, until: Date): Date | undefined {
  const cron = cronOf(schedule);
  // Most looks end here: looking ahead takes half as long as looking back.
  const next = cron.nextRun(after);
  if (!next || next > until) return undefined;
  // Occurrences are whole seconds, and one at the reference itself does not count as before it.
  return cron.previousRuns(1, new Date(Math.floor(until.getTime() / 1000) * 1000 + 1000))[0];
}

/** Parsed once: the timer asks of each recipe every few minutes. */
const crons = new WeakMap<Schedule, Cron>();

function cronOf(schedule: Schedule): Cron {
  const known = crons.get(schedule);
  if (known) return known;
  const cron = new Cron(schedule.cron, { timezone: schedule.timeZone, mode: "5-part" });
  crons.set(schedule, cron);
  return cron;
}
