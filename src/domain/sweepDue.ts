import { Cron } from "croner";

/** Beside the time between two sweeps, what a sweep may take. */
const SWEEP_MINUTES = 20;

/**
 * Until when another sweep has to have come to its end: the second that is due after one, since one may be missed while
 * the app is updated.
 *
 * @param schedule NCRONTAB, in UTC as the host takes it. @param began when the sweep before began.
 */
export function sweepDue(schedule: string, began: Date): Date {
  const [, second = began] = new Cron(schedule, { mode: "6-part", paused: true, timezone: "UTC" }).nextRuns(2, began);
  return new Date(second.getTime() + SWEEP_MINUTES * 60_000);
}
