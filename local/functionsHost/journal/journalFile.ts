import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { recordOf } from "./recordLine.ts";

/** What a journal file holds. A torn last record, left by a crash, is cut off. Throws when it is damaged elsewhere. */
export function readJournalFile(file: string): { records: unknown[]; bytes: number } {
  const content = readFileSync(file);
  const records: unknown[] = [];
  let bytes = 0;
  for (;;) {
    const end = content.indexOf(0x0a, bytes);
    const record = end < 0 ? undefined : recordOf(content.toString("utf8", bytes, end));
    if (record === undefined) break;
    records.push(record);
    bytes = end + 1;
  }
  if (bytes < content.length) {
    refuseUnlessTorn(file, content, bytes, records.length);
    truncateSync(file, bytes);
  }
  return { records, bytes };
}

/** After a crash nothing valid can follow a damaged record: records are written in order. */
function refuseUnlessTorn(file: string, content: Buffer, from: number, count: number): void {
  const rest = content.toString("utf8", from).split("\n").slice(1);
  if (!rest.some((line) => line.length > 9 && recordOf(line) !== undefined)) return;
  throw new Error(`The journal ${file} is damaged: record ${count + 1} is broken, and whole ones follow it.`);
}

/** Writes all of it and sees it safe on disk. */
export function appendToFile(descriptor: number, text: string): void {
  let left: Buffer = Buffer.from(text);
  while (left.length > 0) left = left.subarray(writeSync(descriptor, left));
  fdatasyncSync(descriptor);
}

/** Makes creations and renames in a folder outlive a crash. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
