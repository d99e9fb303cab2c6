import * as z from "zod";
import type { Schedule } from "../recipes/schedule.ts";
import { meansLatest, type Source } from "../source.ts";
import { blackoutAt } from "./blackouts.ts";
import { millisecondsOf } from "./duration.ts";
import { isBeyondAge, type Occurrence, startOf } from "./occurrences.ts";
import { isSameSource, type ScheduleState, SourceVersion } from "./state.ts";

const REASONS = [
  "due",
  "changed",
  "too-old",
  "source-unknown",
  "unchanged",
  "too-young",
  "under-way",
  "overtaken",
  "cooling-down",
  "blackout",
  "paused",
  "missed",
  "recipe-broken",
  "not-scheduled",
] as const;

/** What was decided of an occurrence, and why: `schedules/<image>/<occurrence>.json` in the archive. Times are ISO 8601. */
export const Decision = z.object({
  kind: z.enum(["started", "skipped", "postponed"]),
  why: z.enum(REASONS),
  /** The same in a person's words. */
  detail: z.string(),
  due: z.iso.datetime(),
  decidedAt: z.iso.datetime(),
  /** Which time it is that it was tried again; absent of the first. */
  retry: z.int().exactOptional(),
  /** Of one that is started. */
  buildId: z.string().exactOptional(),
  /** Of one that is put off. */
  until: z.iso.datetime().exactOptional(),
  /** What the source meant then, where that was asked for. */
  source: SourceVersion.exactOptional(),
});
export type Decision = z.infer<typeof Decision>;

export type Verdict = Pick<Decision, "kind" | "why" | "detail"> & { until?: string };

/** An occurrence, at the time at which it is decided. */
export interface Moment extends Occurrence {
  image: string;
  /** 0 of the first time, then those that it is tried again. */
  retry: number;
  /** When whoever decides woke for it. */
  at: Date;
}

/** So late an occurrence counts as missed: the app was down, or the recipe broken. */
const LATE = 15 * 60_000;

/** What is decided without a look at Azure; undefined where that takes one. */
export function decideAtOnce(schedule: Schedule, state: ScheduleState, moment: Moment): Verdict | undefined {
  if (state.paused) return skipped("paused", `The schedule pauses: ${state.paused.why}`);
  if (moment.retry > 0 && !isMeant(state.retry, moment))
    return skipped("overtaken", "The image has been built meanwhile, or is tried again for a later occurrence.");
  if (state.running) return skipped("under-way", `The build ${state.running.buildId} is under way.`);
  return decideByTime(schedule, moment) ?? decideByAge(schedule, state, moment);
}

function isMeant(retry: ScheduleState["retry"], moment: Moment): boolean {
  return retry?.number === moment.retry && Date.parse(retry.due) === moment.due.getTime();
}

function decideByTime(schedule: Schedule, { image, due, retry, at }: Moment): Verdict | undefined {
  const { blackouts, timeZone, missed } = schedule;
  const start = startOf(schedule, image, due);
  const isFirst = retry === 0;
  const hit = isFirst
    ? (blackoutAt(blackouts, timeZone, due) ?? blackoutAt(blackouts, timeZone, start))
    : blackoutAt(blackouts, timeZone, at);
  if (hit && missed === "skip") return skipped("blackout", `It is in a blackout: ${hit.reason}`);
  const now = blackoutAt(blackouts, timeZone, at);
  if (now) {
    const until = now.until.toISOString();
    return { kind: "postponed", why: "blackout", detail: `Until ${until} is a blackout: ${now.reason}`, until };
  }
  if (isFirst && missed === "skip" && isLate(schedule, { image, due, at }))
    return skipped("missed", `It was looked at no earlier than ${at.toISOString()}, and the recipe says to skip it.`);
  return undefined;
}

function decideByAge(schedule: Schedule, state: ScheduleState, { by, at }: Moment): Verdict | undefined {
  const { lastBuilt } = state;
  if (!lastBuilt || isBeyondAge(schedule, ageingOf(state), at)) return undefined;
  const { buildId, at: builtAt } = lastBuilt;
  const tooYoung = skipped("too-young", `The image of ${buildId} is of ${builtAt}.`);
  if (by === "age") return tooYoung;
  const { condition, olderThan } = schedule;
  const youngFor = condition === "when-older-than" && olderThan !== undefined ? millisecondsOf(olderThan) : 0;
  return at.getTime() < Date.parse(builtAt) + youngFor ? tooYoung : undefined;
}

/** Whether an occurrence was missed, and is made up for now. */
export function isLate(schedule: Schedule, { image, due, at }: Pick<Moment, "image" | "due" | "at">): boolean {
  return at.getTime() > startOf(schedule, image, due).getTime() + LATE;
}

/** What of Azure and of the recipe a decision takes. */
export interface Look {
  /** Undefined where it is not shown, or is not there. */
  source: SourceVersion | undefined;
  templateHash: string;
  /** From when on the source may be built on; undefined where it may be at once. */
  coolUntil: Date | undefined;
}

/** Whether the decision takes a look at Azure, or else starts what `decideAtOnce` has let through. */
export function needsLook({ condition, coolDown }: Schedule): boolean {
  return condition === "when-changed" || coolDown !== undefined;
}

/** What is decided with a look at Azure. */
export function decideByLook(schedule: Schedule, state: ScheduleState, moment: Moment, look: Look): Verdict {
  const { source, coolUntil } = look;
  const { at } = moment;
  const { lastBuilt } = state;
  const isCooling = coolUntil !== undefined && coolUntil > at;
  const cooling = isCooling ? `${source?.version} cools down until ${coolUntil.toISOString()}` : "";
  if (schedule.coolDown !== undefined && !source)
    return skipped(
      "source-unknown",
      "What the source means now is not shown, so nobody knows how long it has been out.",
    );
  const change = changeOf(lastBuilt, look, isCooling);
  if (schedule.condition === "when-changed" && !change && !isBeyondAge(schedule, ageingOf(state), at)) {
    const since = `Nothing has changed since ${lastBuilt?.buildId}`;
    return skipped("unchanged", isCooling ? `${since}, but for its source: ${cooling}.` : `${since}.`);
  }
  if (isCooling) return skipped("cooling-down", `The source's version ${cooling}.`);
  if (schedule.condition === "when-changed" && change) return started("changed", change);
  return decideToStart(schedule, state, moment);
}

/** Starts what nothing stands against. */
export function decideToStart(schedule: Schedule, state: ScheduleState, moment: Moment): Verdict {
  const late = moment.retry === 0 && isLate(schedule, moment) ? " It makes up for what was missed." : "";
  if (isBeyondAge(schedule, ageingOf(state), moment.at)) {
    const { lastBuilt } = state;
    const old = lastBuilt ? `The image of ${lastBuilt.buildId} is of ${lastBuilt.at}` : "No image is known";
    return started("too-old", `${old}, and none may be older than ${schedule.maximumAge}.${late}`);
  }
  return started("due", moment.retry > 0 ? `It is tried again, for time ${moment.retry}.` : `It is due.${late}`);
}

/** What makes another image than the last one; undefined where nothing does. */
function changeOf(lastBuilt: ScheduleState["lastBuilt"], look: Look, isCooling: boolean): string | undefined {
  if (!lastBuilt) return "No image is known that was built of it.";
  const { buildId, templateHash, source } = lastBuilt;
  if (templateHash !== look.templateHash) return `The recipe, a script or a parameter is not that of ${buildId}.`;
  // Until a version has cooled down, the one before it counts.
  if (isCooling) return undefined;
  if (!look.source) return "What the source means now is not shown: the build tells why.";
  if (source && isSameSource(source, look.source)) return undefined;
  return `The source's version is ${look.source.version}, and ${buildId} was built on ${source?.version ?? "one that is not known"}.`;
}

/** From when on a version may be built on. @param seenAt when it was seen first, ISO 8601. */
export function coolUntil(
  { coolDown }: Schedule,
  source: Source,
  { publishedAt }: SourceVersion,
  seenAt: string,
): Date | undefined {
  if (coolDown === undefined || !meansLatest(source)) return undefined;
  return new Date(Date.parse(publishedAt ?? seenAt) + millisecondsOf(coolDown));
}

export function ageingOf({ lastBuilt, since }: ScheduleState): { builtAt: string | undefined; since: string } {
  return { builtAt: lastBuilt?.at, since: since ?? new Date(0).toISOString() };
}

function skipped(why: Decision["why"], detail: string): Verdict {
  return { kind: "skipped", why, detail };
}

function started(why: Decision["why"], detail: string): Verdict {
  return { kind: "started", why, detail };
}
