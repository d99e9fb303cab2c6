import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { type BuildEvent, type BuildEvents, eventsOf, type EventWindow, runPhaseOf } from "../domain/buildEvents.ts";
import { bytesAround, pieceIn, piecesOf } from "../domain/logPieces.ts";
import type { ArchivedFile, Progress } from "../domain/receipt.ts";
import type { RunProgress } from "../domain/templateState.ts";
import { type Instance, isUnderWay, readInstance } from "../durable/instances.ts";
import { endedReceipt } from "./endedReceipt.ts";

/** Events in one answer, and pieces of the log among them. */
const MOST_EVENTS = 100;
const MOST_PIECES = 8;

interface Build {
  image: string;
  id: string;
}

/** What follows event number `after` of a build, as far as it has happened; undefined where there is no such build. */
export async function readEvents(
  { archive, client }: { archive: Archive; client: DurableClient },
  build: Build,
  after: number,
): Promise<BuildEvents | undefined> {
  const instance = await readInstance(client, build.id);
  if (instance && isUnderWay(instance)) return answered(numbered(await shownBy(client, instance)), after, false);
  const receipt = await endedReceipt(archive, { ...build, instance });
  if (!receipt) return instance && answered(numbered(await shownBy(client, instance)), after, true);
  const events = numbered({ first: 1, list: eventsOf(receipt) });
  const { events: told, next, ended } = answered(events, after, true);
  if (!ended || receipt.log.kind !== "archived") return { events: told, next, ended };
  // The log comes behind all else: what is archived before the end would shift the numbers of what follows it.
  const log = await piecesAfter(archive, build, receipt.log.files, { count: events.length, after: next });
  return { events: [...told, ...log.events], next: log.events.at(-1)?.n ?? next, ended: log.ended };
}

/** What a build shows of itself, and behind that what the instance shows that waits for its run. */
async function shownBy(client: DurableClient, { customStatus }: Instance): Promise<EventWindow> {
  const progress = (customStatus ?? undefined) as Progress | undefined;
  const { first, list } = progress?.events ?? { first: 1, list: [] };
  const run = progress?.waitInstance ? await readInstance(client, progress.waitInstance) : undefined;
  const { phases = [] } = (run?.customStatus ?? {}) as Partial<RunProgress>;
  return {
    first,
    list: [...list, ...phases.map(({ at, phase }) => ({ kind: "phase" as const, at, phase: runPhaseOf(phase) }))],
  };
}

function numbered({ first, list }: EventWindow): BuildEvent[] {
  return list.map((event, at) => ({ ...event, n: first + at }));
}

function answered(events: readonly BuildEvent[], after: number, isOver: boolean): BuildEvents {
  const rest = events.filter(({ n }) => n > after);
  const told = rest.slice(0, MOST_EVENTS);
  return { events: told, next: told.at(-1)?.n ?? after, ended: isOver && told.length === rest.length };
}

/** @param count of the events before the log. */
async function piecesAfter(
  archive: Archive,
  { image, id }: Build,
  files: readonly ArchivedFile[],
  { count, after }: { count: number; after: number },
): Promise<{ events: BuildEvent[]; ended: boolean }> {
  let n = count;
  const events: BuildEvent[] = [];
  for (const { name: file, bytes } of files) {
    for (let piece = Math.max(0, after - n); piece < piecesOf(bytes); piece++) {
      if (events.length === MOST_PIECES) return { events, ended: false };
      const around = await archive.readBytes(archiveNames.log(image, id, file), bytesAround(piece, bytes));
      // A log that has gone from the archive is not told.
      if (!around) break;
      events.push({ kind: "log", n: n + piece + 1, file, text: pieceIn(around, piece, bytes) });
    }
    n += piecesOf(bytes);
  }
  return { events, ended: true };
}
