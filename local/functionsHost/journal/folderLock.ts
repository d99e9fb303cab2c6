import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who holds a folder. A process's number comes back after a while, or at once in a new container; its start does not. */
interface Holder {
  pid: number;
  /** In ticks since the machine started; null where there is no /proc. */
  startedAt: string | null;
}

/** Folders that this process holds: a lock of this process that is not among them was left by one like it. */
const held = new Set<string>();

/**
 * Takes a folder for this host alone. What a killed process left does not stand in the way.
 * @returns gives the folder back. Throws when another host has it.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "host.lock");
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holderOf(process.pid)));
  try {
    while (!take(draft, file)) removeStale(folder, file);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(folder);
  return () => {
    held.delete(folder);
    rmSync(file, { force: true });
  };
}

/** A link comes into being whole or not at all. */
function take(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeStale(folder: string, file: string): void {
  const found = read(file);
  if (found === undefined) return;
  refuseIfHeld(folder, found);
  // Moved away rather than removed: only one of two that find it stale can do that, and sees what it moved.
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== found) renameSync(aside, file);
  else rmSync(aside);
}

function refuseIfHeld(folder: string, text: string): void {
  const { pid, startedAt } = JSON.parse(text) as Holder;
  const isAlive = pid === process.pid ? held.has(folder) : runs(pid) && holderOf(pid).startedAt === startedAt;
  if (isAlive) throw new Error(`The state folder ${folder} is in use by another host (process ${pid}).`);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function holderOf(pid: number): Holder {
  // The name before it is in brackets and may hold anything.
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  return { pid, startedAt: fields?.[19] ?? null };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
