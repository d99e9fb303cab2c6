import * as z from "zod";
import { line } from "../buildRequest.ts";
import { isMoment, MOMENT_TEXT, spanOf, WEEKLY_TEXT, weekTimeOf } from "../schedule/blackouts.ts";
import { cronFault } from "../schedule/calendar.ts";
import { DURATION_TEXT, isDuration, millisecondsOf } from "../schedule/duration.ts";
import { PATCH_TIME_TEXT, patchTimeOf } from "../schedule/patchTuesday.ts";
import { zoneFault } from "../schedule/wallClock.ts";

const duration = z.string().refine(isDuration, { error: DURATION_TEXT });
const longerThanNothing = duration.refine((text) => !isDuration(text) || millisecondsOf(text) > 0, {
  error: "takes more than nothing",
});
const moment = z.string().refine(isMoment, { error: MOMENT_TEXT });

const blackout = z
  .strictObject({
    from: moment
      .exactOptional()
      .describe("When it begins.")
      .meta({ examples: ["2026-12-20", "2026-12-20 18:00"] }),
    to: moment
      .exactOptional()
      .describe("When it ends; a date alone is in it to its end.")
      .meta({ examples: ["2027-01-03"] }),
    weekly: z
      .string()
      .refine((text) => weekTimeOf(text) !== undefined, { error: WEEKLY_TEXT })
      .exactOptional()
      .describe("In place of both: between which times of each week.")
      .meta({ examples: ["Fri 18:00 - Mon 06:00"] }),
    reason: line(200).describe("What is told where it keeps a build from being started."),
  })
  .superRefine(({ from, to, weekly }, context) => {
    const isWhole = weekly === undefined ? from !== undefined && to !== undefined : (from ?? to) === undefined;
    if (!isWhole) context.addIssue({ code: "custom", message: "takes either weekly, or both from and to" });
  });

export const schedule = z
  .strictObject({
    cron: z
      .string()
      .min(1)
      .exactOptional()
      .describe("Five fields: minute, hour, day of month, month, day of week.")
      .meta({ examples: ["0 2 * * *"] }),
    at: z
      .string()
      .refine((text) => patchTimeOf(text) !== undefined, { error: PATCH_TIME_TEXT })
      .exactOptional()
      .describe("In place of `cron`: so many days after the second Tuesday of the month, at a time of day.")
      .meta({ examples: ["patch-tuesday + 2d 03:00"] }),
    maximumAge: longerThanNothing
      .exactOptional()
      .describe("Builds also, or only, when the last image that was built is older; each day until there is a new one.")
      .meta({ examples: ["30d"] }),
    timeZone: z
      .string()
      .min(1)
      .default("UTC")
      .describe("In which times and dates count.")
      .meta({ examples: ["Europe/Berlin"] }),
    condition: z
      .enum(["always", "when-changed", "when-older-than"])
      .default("always")
      .describe("What has to be so that an occurrence is built; an image beyond its `maximumAge` is built anyway."),
    olderThan: longerThanNothing
      .exactOptional()
      .describe("With `when-older-than`: how old the last image has to be.")
      .meta({ examples: ["7d"] }),
    coolDown: longerThanNothing
      .exactOptional()
      .describe("How long a base version has to be out before it is built on.")
      .meta({ examples: ["3d"] }),
    blackouts: z.array(blackout).max(50).default([]).describe("Times in which nothing is started."),
    jitter: duration
      .refine((text) => !isDuration(text) || millisecondsOf(text) <= 86_400_000, { error: "takes a day at most" })
      .default("5m")
      .describe("By how much an occurrence starts later at the most, each image by its own; `0m` for none."),
    missed: z
      .enum(["once", "skip"])
      .default("once")
      .describe("Whether what was missed, or fell into a blackout, is made up for by one build or left out."),
    pauseAfter: z
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe("Failures in a row after which the schedule pauses, until a build of the image succeeds."),
  })
  .superRefine((written, context) => {
    const { cron, at, maximumAge, timeZone, condition, olderThan, blackouts } = written;
    const fault = (field: string, message: string) =>
      context.addIssue({ code: "custom", path: field ? [field] : [], message });
    const zone = zoneFault(timeZone);
    if (zone) fault("timeZone", zone);
    if (cron !== undefined && at !== undefined) fault("at", "takes either cron or at: leave out one of the two");
    if ((cron ?? at ?? maximumAge) === undefined) fault("", "takes cron, at or maximumAge: without, it never builds");
    const inCron = cron === undefined ? undefined : cronFault(cron);
    if (inCron) fault("cron", inCron);
    if (condition === "when-older-than" && olderThan === undefined)
      fault("condition", "takes olderThan beside it, as 7d");
    if (condition !== "when-older-than" && olderThan !== undefined)
      fault("olderThan", "counts with condition: when-older-than only");
    for (const [index, { from, to }] of blackouts.entries()) {
      if (zone || from === undefined || to === undefined) continue;
      const [begins, ends] = spanOf({ from, to }, timeZone);
      if (ends <= begins)
        context.addIssue({ code: "custom", path: ["blackouts", index, "to"], message: "is not after from" });
    }
  })
  .describe("When it is built by itself; docs/schedules.md shows how.");

/** When an image is built by itself. */
export type Schedule = z.infer<typeof schedule>;
