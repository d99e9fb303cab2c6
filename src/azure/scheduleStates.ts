import * as z from "zod";
import { archiveNames } from "../domain/archiveNames.ts";
import { Decision } from "../domain/schedule/decision.ts";
import { NOTHING_KNOWN, ScheduleState } from "../domain/schedule/state.ts";
import { type Archive, changeJson, type Document } from "./archive.ts";

/** Where it stood until when a schedule had been decided upon, before schedules had documents of their own. */
const OldHistory = z.object({ scheduleDecidedUntil: z.iso.datetime() });

export async function readScheduleState(archive: Archive, image: string): Promise<ScheduleState> {
  return stateIn(archive, image, await archive.readJson(archiveNames.schedule(image)));
}

/** Changes what is known of an image's schedule. @returns it before and after. */
export async function changeScheduleState(
  archive: Archive,
  image: string,
  change: (state: ScheduleState) => ScheduleState,
): Promise<{ before: ScheduleState; after: ScheduleState }> {
  return changeJson(archive, archiveNames.schedule(image), (found) => stateIn(archive, image, found), change);
}

async function stateIn(archive: Archive, image: string, found: Document | undefined): Promise<ScheduleState> {
  if (found) return ScheduleState.parse(found.value);
  const { data } = OldHistory.safeParse((await archive.readJson(archiveNames.image(image)))?.value);
  const until = data?.scheduleDecidedUntil;
  return { ...NOTHING_KNOWN, ...(until ? { since: until, decidedUntil: until } : {}) };
}

/** @returns what was decided of an occurrence; undefined where nothing was, or nobody can read it. */
export async function readDecision(
  archive: Archive,
  name: string,
): Promise<{ decision: Decision | undefined; etag: string | undefined }> {
  const found = await archive.readJson(name);
  return { decision: Decision.safeParse(found?.value).data, etag: found?.etag };
}

/**
 * Decides an occurrence, unless that has been done: whoever writes first has decided. What was put off is decided anew.
 *
 * @returns what holds.
 */
export async function decideOnce(archive: Archive, name: string, decide: () => Promise<Decision>): Promise<Decision> {
  for (;;) {
    const { decision, etag } = await readDecision(archive, name);
    if (decision && decision.kind !== "postponed") return decision;
    const made = await decide();
    if (await archive.replaceJson(name, made, etag)) return made;
  }
}
