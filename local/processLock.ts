import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Who holds a lock. A process's number comes back after a while, or at once in a new container; its start does not. */
interface Holder {
  pid: number;
  /** In ticks since the machine started; null where there is no /proc. */
  startedAt: string | null;
}

/** Locks that this process holds: one of this process that is not among them was left by one like it. */
const held = new Set<string>();

/**
 * Takes a lock file for this process alone. What a killed process left does not stand in the way.
 *
 * @param refusal what is thrown where a living process holds it.
 * @returns gives the lock back.
 */
export function takeLock(file: string, refusal: (pid: number) => Error): () => void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holderOf(process.pid)));
  try {
    while (!take(draft, file)) removeStale(file, refusal);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** @returns the process that holds a lock file; undefined where none that lives does. */
export function livingHolder(file: string): number | undefined {
  return livingIn(file, read(file));
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

function removeStale(file: string, refusal: (pid: number) => Error): void {
  const found = read(file);
  const pid = livingIn(file, found);
  if (pid !== undefined) throw refusal(pid);
  // Moved away rather than removed: only one of two that find it stale can do that, and sees what it moved.
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) === found) rmSync(aside);
  else renameSync(aside, file);
}

function livingIn(file: string, text: string | undefined): number | undefined {
  const holder = text === undefined ? undefined : parse(text);
  if (!holder) return undefined;
  const { pid, startedAt } = holder;
  const isAlive = pid === process.pid ? held.has(file) : runs(pid) && holderOf(pid).startedAt === startedAt;
  return isAlive ? pid : undefined;
}

/** @returns undefined where the text is no lock: a machine that lost its power may have kept an empty file. */
function parse(text: string): Holder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Holder;
    return Number.isInteger(pid) && pid > 0 ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
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
