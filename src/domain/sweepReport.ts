import * as z from "zod";
import { component } from "./component.ts";
import { Unseen } from "./observation.ts";
import { Leftover } from "./receipt.ts";
import { Stuck, type SweepPlan } from "./sweep.ts";
import { Done, type SweepAct } from "./sweepAct.ts";

/** What a sweep did and found, kept for people. */
export const SweepReport = component(
  "SweepReport",
  z.strictObject({
    id: z.string(),
    dryRun: z.boolean(),
    now: z.iso.datetime().describe("On Azure's clock."),
    done: z.array(Done),
    marks: z.record(z.string(), z.iso.datetime()).describe("What is nobody's, since when."),
    orphans: z.array(Leftover).describe("What only a person may remove, with the command."),
    foreign: z
      .array(z.string())
      .describe("What looks like the service's or gives the same access, and is not proven to be its own: left alone."),
    unseen: z.array(Unseen),
    stuck: z.array(Stuck).describe("What was due in several sweeps and is still there."),
  }),
) satisfies z.ZodType<Omit<SweepPlan, "acts" | "marks">>;
export type SweepReport = z.infer<typeof SweepReport>;

/** The report of a sweep that could not come to its end. */
export const FailedSweep = component(
  "FailedSweep",
  z.strictObject({
    id: z.string(),
    dryRun: z.boolean(),
    failure: z.string(),
    code: z.string().exactOptional().describe("Of that, the codes alone."),
  }),
);
export type FailedSweep = z.infer<typeof FailedSweep>;

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

/** A report with its state; "incomplete": it could not look everywhere, or not do everything. */
export function stated(
  report: SweepReport | FailedSweep,
): { state: "done" | "incomplete"; report: SweepReport } | { state: "failed"; report: FailedSweep } {
  if ("failure" in report) return { state: "failed", report };
  const isIncomplete = report.unseen.length > 0 || report.done.some(({ failed }) => failed);
  return { state: isIncomplete ? "incomplete" : "done", report };
}
