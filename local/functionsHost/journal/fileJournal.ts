import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Journal } from "./journal.ts";
import { appendToFile, readJournalFile, syncFolder } from "./journalFile.ts";
import { lineOf } from "./recordLine.ts";

export interface FileJournalOptions<Record> {
  folder: string;
  /** The records that bring about the present state, at the time of the call. */
  snapshot: () => Iterable<Record>;
  /** The file is written anew when it has grown beyond this and beyond twice what the snapshot took. */
  compactAboveBytes?: number | undefined;
}

const COMPACT_ABOVE = 8 * 1024 * 1024;
/** Snapshots are written in pieces of about this many characters. */
const PIECE = 1024 * 1024;

/**
 * A journal in `journal-<generation>.log`, the highest generation being the valid one. A compaction writes the next
 * generation beside it and renames it into place, so that there is always one whole file. Writing is synchronous:
 * records appended side by side share one sync, and no turn of the event loop passes, in which a skipping clock moves.
 */
export function fileJournal<Record>(options: FileJournalOptions<Record>): Journal<Record> {
  const { folder, snapshot, compactAboveBytes = COMPACT_ABOVE } = options;
  mkdirSync(folder, { recursive: true });
  let generation = latestGeneration(folder);
  const { records, bytes } = generation === 0 ? { records: [], bytes: 0 } : readJournalFile(fileOf(folder, generation));
  if (generation === 0) generation = 1;
  let descriptor = openSync(fileOf(folder, generation), "a");
  syncFolder(folder);
  let size = bytes;
  let compactAt = compactAboveBytes;
  let buffered = "";
  let flushing: Promise<void> | undefined;
  let isClosed = false;

  function flush(): void {
    const text = buffered;
    buffered = "";
    if (text === "") return;
    appendToFile(descriptor, text);
    size += Buffer.byteLength(text);
    if (size > compactAt) compact();
  }

  function compact(): void {
    const target = fileOf(folder, generation + 1);
    const draft = `${target}.tmp`;
    const next = openSync(draft, "w");
    size = 0;
    let piece = "";
    const write = () => {
      appendToFile(next, piece);
      size += Buffer.byteLength(piece);
      piece = "";
    };
    for (const record of snapshot()) {
      piece += lineOf(record);
      if (piece.length > PIECE) write();
    }
    write();
    renameSync(draft, target);
    syncFolder(folder);
    closeSync(descriptor);
    rmSync(fileOf(folder, generation));
    generation += 1;
    descriptor = next;
    compactAt = Math.max(compactAboveBytes, 2 * size);
  }

  return {
    recovered: () => records.splice(0) as Record[],
    append(record) {
      buffered += lineOf(record);
    },
    durable() {
      // Nothing that depends on a record goes out any more.
      if (isClosed) return new Promise(() => {});
      if (flushing) return flushing;
      if (buffered === "") return Promise.resolve();
      flushing = Promise.resolve().then(() => {
        flushing = undefined;
        flush();
      });
      return flushing;
    },
    close() {
      flush();
      isClosed = true;
      closeSync(descriptor);
    },
  };
}

const fileOf = (folder: string, generation: number) => join(folder, `journal-${generation}.log`);

/** The newest whole file's number, 0 without any; what a crash left of older and unfinished ones goes. */
function latestGeneration(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.startsWith("journal-"));
  const numbers = names.flatMap((name) => /^journal-(\d+)\.log$/.exec(name)?.[1] ?? []).map(Number);
  const latest = Math.max(0, ...numbers);
  for (const name of names) if (name !== `journal-${latest}.log`) rmSync(join(folder, name));
  return latest;
}
