import type { SweepPlan } from "./sweep.ts";
import type { Done, SweepAct } from "./sweepAct.ts";
import type { Marks } from "./sweepMarks.ts";

/** What a sweep did and found, kept for people. */
export interface SweepReport extends Omit<SweepPlan, "acts" | "marks"> {
  id: string;
  dryRun: boolean;
  done: Done[];
  /** What is nobody's, since when. */
  marks: Marks["since"];
}

/** The report of a sweep that could not come to its end. */
export interface FailedSweep {
  id: string;
  dryRun: boolean;
  failure: string;
}

/** What a sweep is going to do and has done, kept while it is under way. */
export interface SweepWork {
  /** ISO 8601, on Azure's clock: by it is judged whose time is over. */
  now: string;
  /** What is overdue; once Azure has been looked at, what else there is to do as well. */
  acts: SweepAct[];
  /** How each went, in the same order; what is not done yet is missing or null. */
  done: (Done | null)[];
  /** What else was found; absent before Azure has been looked at. */
  found?: Omit<SweepPlan, "acts">;
}

/** Whether there was nothing to do and nothing to tell of. */
export function isQuiet({ done, orphans, marks, unseen, stuck }: SweepReport): boolean {
  return done.length + orphans.length + Object.keys(marks).length + unseen.length + stuck.length === 0;
}

/** "incomplete": it could not look everywhere, or not do everything. */
export function stateOf(report: SweepReport | FailedSweep): "done" | "incomplete" | "failed" {
  if ("failure" in report) return "failed";
  return report.unseen.length > 0 || report.done.some(({ failed }) => failed) ? "incomplete" : "done";
}
