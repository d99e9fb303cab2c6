import * as z from "zod";

const instant = z.iso.datetime();

/** Which content of a source it is. */
export const SourceVersion = z.object({
  /** Its version's number; the name of a managed image, the URL of a VHD. */
  version: z.string(),
  /** Of a gallery's version: when it was published. */
  publishedAt: z.string().optional(),
  /** Of a managed image: the disks that it was made of, since its name can be given again. */
  content: z.string().optional(),
});
export type SourceVersion = z.infer<typeof SourceVersion>;

export function isSameSource(one: SourceVersion, other: SourceVersion): boolean {
  return one.version === other.version && one.publishedAt === other.publishedAt && one.content === other.content;
}

const builtImage = z.object({
  buildId: z.string(),
  at: instant,
  /** Of the plan: the recipe, its scripts and the values of its parameters. */
  templateHash: z.string().optional(),
  source: SourceVersion.optional(),
});
export type BuiltImage = z.infer<typeof builtImage>;

const countedFailure = z.object({ buildId: z.string(), class: z.string(), code: z.string() });

/**
 * What is known of an image's schedule: `schedules/<image>.json` in the archive. What cannot be read of it counts as
 * unknown.
 */
export const ScheduleState = z
  .object({
    /** When it was looked at first. */
    since: instant.optional().catch(undefined),
    /** Until when all is decided and done. */
    decidedUntil: instant.optional().catch(undefined),
    /** By what the schedule was due until then. */
    calendar: z.string().optional().catch(undefined),
    /** The last image that was built, by whatever door; its time is that at which the build was asked for. */
    lastBuilt: builtImage.optional().catch(undefined),
    /** Scheduled builds that have failed since, in a row, the newest last; without those that are tried again. */
    failures: z.array(countedFailure).catch([]),
    /** Transient ones in a row, since the last that was counted. */
    transient: z.int().min(0).catch(0),
    /** An occurrence that is tried again, at that time. */
    retry: z.object({ due: instant, number: z.int(), at: instant }).optional().catch(undefined),
    /** The build that the schedule has started last, until it has ended. */
    running: z.object({ buildId: z.string(), due: instant }).optional().catch(undefined),
    /** Of the recipe: counted failures in a row after which it pauses. */
    pauseAfter: z.int().min(1).catch(3),
    /** Nothing is built since then. */
    paused: z.object({ since: instant, why: z.string() }).optional().catch(undefined),
    /** Builds whose end has been taken note of, the newest last. */
    noted: z.array(z.string()).catch([]),
  })
  .catch({ failures: [], transient: 0, pauseAfter: 3, noted: [] });

export type ScheduleState = z.infer<typeof ScheduleState>;

export const NOTHING_KNOWN: ScheduleState = ScheduleState.parse({});
