import { Cron } from "croner";
import type { Recipe } from "./recipe.ts";

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
  // An occurrence at the reference itself does not count as before it.
  const [last] = cronOf(schedule).previousRuns(1, new Date(until.getTime() + 1000));
  return last && last > after && last <= until ? last : undefined;
}

function cronOf({ cron, timeZone }: Schedule): Cron {
  return new Cron(cron, { timezone: timeZone, mode: "5-part" });
}
