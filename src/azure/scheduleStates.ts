import { z } from "zod";
import { archiveNames } from "../domain/archiveNames.ts";
import { Decision } from "../domain/schedule/decision.ts";
import { NOTHING_KNOWN, ScheduleState } from "../domain/schedule/state.ts";
import type { Archive } from "./archive.ts";

/** Where it stood until when a schedule had been decided upon, before schedules had documents of their own. */
const OldHistory = z.object({ scheduleDecidedUntil: z.iso.datetime() });

export async function readScheduleState(archive: Archive, image: string): Promise<ScheduleState> {
  return (await readWithTag(archive, image)).state;
}

/** Changes what is known of an image's schedule. @returns it before and after. */
export async function changeScheduleState(
  archive: Archive,
  image: string,
  change: (state: ScheduleState) => ScheduleState,
): Promise<{ before: ScheduleState; after: ScheduleState }> {
  for (;;) {
    const { state: before, etag } = await readWithTag(archive, image);
    const after = change(before);
    if (await archive.replaceJson(archiveNames.schedule(image), after, etag)) return { before, after };
  }
}

async function readWithTag(
  archive: Archive,
  image: string,
): Promise<{ state: ScheduleState; etag: string | undefined }> {
  const found = await archive.readJson(archiveNames.schedule(image));
  if (found) return { state: ScheduleState.parse(found.value), etag: found.etag };
  const { data } = OldHistory.safeParse((await archive.readJson(archiveNames.image(image)))?.value);
  const until = data?.scheduleDecidedUntil;
  return { state: { ...NOTHING_KNOWN, ...(until ? { since: until, decidedUntil: until } : {}) }, etag: undefined };
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
