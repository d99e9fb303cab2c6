import * as z from "zod";
import { schedule, type Schedule } from "../recipes/schedule.ts";
import { ageingOf, Decision } from "./decision.ts";
import { nextOccurrence, startOf } from "./occurrences.ts";
import type { ScheduleState } from "./state.ts";

const upcoming = z.strictObject({
  due: z.iso.datetime(),
  /** With the image's own part of the jitter. */
  startAt: z.iso.datetime(),
  by: z.enum(["calendar", "age"]),
});

/** What `GET /api/images/{image}/schedule` answers with. */
export const ScheduleView = z.strictObject({
  image: z.string(),
  state: z.enum(["active", "paused"]),
  schedule,
  /** Since when nothing is built, and why. */
  paused: z.strictObject({ since: z.iso.datetime(), why: z.string() }).exactOptional(),
  /** The next occurrences, as far as they are known now. */
  next: z.array(upcoming),
  /** An occurrence that is tried again, and when. */
  retry: z.strictObject({ due: z.iso.datetime(), number: z.int(), at: z.iso.datetime() }).exactOptional(),
  /** Builds of the schedule that have failed since one succeeded, the newest last. */
  failures: z.array(z.strictObject({ buildId: z.string(), class: z.string(), code: z.string() })),
  /** The last image that was built. */
  lastBuilt: z
    .strictObject({ buildId: z.string(), at: z.iso.datetime(), source: z.string().exactOptional() })
    .exactOptional(),
  /** What was decided of the last occurrences, the newest first. */
  decisions: z.array(Decision),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

const UPCOMING = 3;

/** @param decisions the newest first. */
export function scheduleView(
  { image, schedule }: { image: string; schedule: Schedule },
  state: ScheduleState,
  decisions: readonly Decision[],
  now: Date,
): ScheduleView {
  const { paused, retry, lastBuilt, failures } = state;
  return {
    image,
    state: paused ? "paused" : "active",
    schedule,
    ...(paused ? { paused } : {}),
    next: nextOf(image, schedule, state, now),
    ...(retry ? { retry } : {}),
    failures,
    ...(lastBuilt
      ? {
          lastBuilt: {
            buildId: lastBuilt.buildId,
            at: lastBuilt.at,
            ...(lastBuilt.source ? { source: lastBuilt.source.version } : {}),
          },
        }
      : {}),
    decisions: [...decisions],
  };
}

function nextOf(image: string, schedule: Schedule, state: ScheduleState, now: Date): ScheduleView["next"] {
  const ageing = ageingOf({ ...state, since: state.since ?? now.toISOString() });
  const found: ScheduleView["next"] = [];
  for (let after = now; found.length < UPCOMING;) {
    const next = nextOccurrence(schedule, ageing, after);
    if (!next) break;
    const startAt = startOf(schedule, image, next.due).toISOString();
    found.push({ due: next.due.toISOString(), startAt, by: next.by });
    after = next.due;
  }
  return found;
}
