import { ncrontabOf } from "./ncrontab.ts";

/** Beside the time between two sweeps, what a sweep may take. */
const SWEEP_MINUTES = 20;

/**
 * Until when another sweep has to have come to its end: the second that is due after one, since one may be missed while
 * the app is updated.
 *
 * @param schedule NCRONTAB. @param began when the sweep before began.
 */
export function sweepDue(schedule: string, began: Date): Date {
  const [, second = began] = ncrontabOf(schedule)?.nextRuns(2, began) ?? [];
  return new Date(second.getTime() + SWEEP_MINUTES * 60_000);
}
