import { isDeepStrictEqual } from "node:util";
import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { changeScheduleState, decideOnce, readScheduleState } from "../azure/scheduleStates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import type { Schedule } from "../domain/recipes/schedule.ts";
import { ageingOf, Decision, isLate } from "../domain/schedule/decision.ts";
import {
  nextOccurrence,
  type Occurrence,
  occurrencesBetween,
  stampOf,
  startOf,
} from "../domain/schedule/occurrences.ts";
import type { ScheduleState } from "../domain/schedule/state.ts";
import { ensureInstance, isUnderWay, readInstance } from "../durable/instances.ts";
import { type DueOccurrence, runOccurrence } from "../orchestrators/runOccurrence.ts";
import { logLine } from "../telemetry/logLine.ts";
import { whyOf } from "../telemetry/whyOf.ts";
import { TickFailed } from "./whereReady.ts";

/**
 * Until when this process knows that nothing is to be done for an image with that schedule, and since when. Others may
 * have done more meanwhile, never less; of what is to come by a clock that has been put back it knows nothing.
 */
export type Quiet = Map<string, { schedule: Schedule; since: Date; until: Date }>;

/**
 * How far ahead a tick looks: until the next one, and a minute in which that may be late. So each occurrence is known
 * before it is due, and starts at its own second, although the app wakes every five minutes only.
 */
const AHEAD = 6 * 60_000;
/** Occurrences that are looked at in one tick; of more that were missed the earlier ones are passed over. */
const MOST = 50;

/**
 * Sees to it that each occurrence of each schedule is run that is due by the next tick: each image on its own, so that
 * what goes wrong with one is logged, and keeps no other from being looked at.
 *
 * @throws at the end where any went wrong, so that the host counts the tick as failed.
 */
export async function startDueBuilds(
  recipes: Iterable<Recipe>,
  archive: Archive,
  client: DurableClient,
  context: Pick<InvocationContext, "error">,
  quiet: Quiet = new Map(),
): Promise<void> {
  const failed: string[] = [];
  for (const { name: image, schedule } of recipes) {
    if (!schedule) continue;
    try {
      await look({ image, schedule, archive, client, quiet });
    } catch (error) {
      failed.push(image);
      const { why, code } = whyOf(error);
      const text = `The schedule of ${image} could not be looked at: ${why}`;
      context.error(logLine("schedule failed", text, { image, code }));
    }
  }
  if (failed.length > 0) throw new TickFailed(`The schedule could not be looked at for: ${failed.join(", ")}.`);
}

interface Looked {
  image: string;
  schedule: Schedule;
  archive: Archive;
  client: DurableClient;
  quiet: Quiet;
}

async function look(looked: Looked): Promise<void> {
  const { image, schedule, archive, quiet } = looked;
  const now = new Date();
  const until = new Date(now.getTime() + AHEAD);
  const known = quiet.get(image);
  if (known && known.since <= now && until < known.until && isDeepStrictEqual(known.schedule, schedule)) return;
  quiet.delete(image);

  const state = await readScheduleState(archive, image);
  const calendar = calendarText(schedule);
  const isAnother = state.calendar !== undefined && state.calendar !== calendar;
  // One that the service has never looked at, or that has been changed, is not due for the past.
  const decidedUntil = isAnother ? now.toISOString() : (state.decidedUntil ?? now.toISOString());
  const ageing = ageingOf({ ...state, since: state.since ?? decidedUntil });
  const after = new Date(decidedUntil);
  const next = nextOccurrence(schedule, ageing, after);
  const due = next && next.due <= until ? occurrencesBetween(schedule, ageing, { after, until, most: MOST }) : [];
  const settled = await settle(looked, due, now);

  const last = due[settled - 1]?.due.toISOString() ?? decidedUntil;
  // What an occurrence has left that ended while it was looked at.
  const { retry, running } =
    last === state.decidedUntil && calendar === state.calendar
      ? await readScheduleState(archive, image)
      : await changeScheduleState(archive, image, (current) => ({
          ...current,
          since: current.since ?? last,
          decidedUntil: last,
          calendar,
        })).then(({ after: changed }) => changed);
  if (retry && new Date(retry.at) <= until) await ensureRetry(looked, retry);
  // While a build is under way that the schedule has started, it may have to be tried again.
  if (settled < due.length || retry || running) return;
  const following = nextOccurrence(schedule, ageing, new Date(last));
  if (following) quiet.set(image, { schedule, since: now, until: following.due });
}

/** What of a schedule says when it is due. */
function calendarText({ cron, at, timeZone, maximumAge }: Schedule): string {
  return JSON.stringify({ cron, at, timeZone, maximumAge });
}

/** Runs what is due, but for what is made up for by a later one. @returns how many from the first on are done with. */
async function settle(looked: Looked, due: readonly Occurrence[], now: Date): Promise<number> {
  const { image, schedule } = looked;
  const late = due.filter((one) => isLate(schedule, { image, due: one.due, at: now }));
  const lastLate = late.at(-1);
  const areSettled: boolean[] = [];
  for (const one of due) {
    const isMadeUpFor = lastLate !== undefined && one.due < lastLate.due;
    areSettled.push(isMadeUpFor ? await passOver(looked, one, lastLate, now) : await ensureFirst(looked, one, now));
  }
  const open = areSettled.indexOf(false);
  return open < 0 ? due.length : open;
}

/** Keeps of an occurrence that a later one stands for it; one that was decided before is done with as that was meant. */
async function passOver(looked: Looked, { due, by }: Occurrence, later: Occurrence, now: Date): Promise<boolean> {
  const { image, archive } = looked;
  const decision = await decideOnce(archive, archiveNames.decision(image, stampOf(due), 0), () =>
    Promise.resolve({
      kind: "skipped",
      why: "missed",
      detail: `It was missed, and so was that of ${later.due.toISOString()}, which counts for all before it.`,
      due: due.toISOString(),
      decidedAt: now.toISOString(),
    }),
  );
  return decision.kind === "skipped" || ensureFirst(looked, { due, by }, now);
}

/** @returns whether the occurrence has been decided, and that has been carried out. */
async function ensureFirst(looked: Looked, { due, by }: Occurrence, now: Date): Promise<boolean> {
  const { image, schedule, client } = looked;
  const id = occurrenceId(image, due, 0);
  const instance = await readInstance(client, id);
  if (instance && isUnderWay(instance)) return false;
  const ended = instance?.runtimeStatus === "Completed" ? Decision.safeParse(instance.output).data : undefined;
  if (ended && ended.kind !== "postponed") return true;
  const putOffUntil = ended?.until === undefined ? now : new Date(ended.until);
  if (putOffUntil.getTime() > now.getTime() + AHEAD) return false;
  const start = startOf(schedule, image, due);
  // Those of many recipes that are made up for do not start in one second either.
  const isMadeUpFor = ended !== undefined || isLate(schedule, { image, due, at: now });
  const shift = isMadeUpFor ? Math.max(Number(now), Number(putOffUntil)) - Number(due) : 0;
  const startAt = new Date(Number(start) + shift).toISOString();
  await ensureInstance(client, runOccurrence, id, { image, due: due.toISOString(), by, retry: 0, startAt });
  return false;
}

async function ensureRetry({ image, client }: Looked, retry: NonNullable<ScheduleState["retry"]>): Promise<void> {
  const { due, number, at } = retry;
  const again: DueOccurrence = { image, due, by: "calendar", retry: number, startAt: at };
  await ensureInstance(client, runOccurrence, occurrenceId(image, new Date(due), number), again);
}

/** The id of the instance that runs an occurrence. */
export function occurrenceId(image: string, due: Date, retry: number): string {
  return `schedule-${image}-${stampOf(due)}${retry === 0 ? "" : `-r${retry}`}`;
}
