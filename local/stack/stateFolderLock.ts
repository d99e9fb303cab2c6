import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who uses a folder. A process's number comes back after a while, or at once in a new container; its start does not. */
interface Holder {
  pid: number;
  /** In ticks since the machine started; null where there is no /proc. */
  startedAt: string | null;
}

/** What the launcher leaves in a folder to hold it. */
export const LOCK = "stack.lock";
/** The Functions host's own: one whose launcher was killed may still run. */
const HOST_LOCK = "host.lock";

/**
 * Takes a state folder for the processes of one launcher. What a killed process left does not stand in the way.
 * @returns gives the folder back. Throws with a sentence for the person where a living process has it.
 */
export function lockStateFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holderOf(process.pid)));
  try {
    while (!take(draft, file)) removeStale(folder, file);
  } finally {
    rmSync(draft, { force: true });
  }
  const release = () => rmSync(file, { force: true });
  try {
    refuseIfUsed(folder, read(join(folder, HOST_LOCK)));
  } catch (error) {
    release();
    throw error;
  }
  return release;
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
  refuseIfUsed(folder, found);
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

function refuseIfUsed(folder: string, lock: string | undefined): void {
  const holder = lock === undefined ? undefined : parse(lock);
  if (!holder || !runs(holder.pid) || holderOf(holder.pid).startedAt !== holder.startedAt) return;
  throw new Error(
    `The state folder ${folder} is in use by process ${holder.pid}: stop that, or choose another folder with --state.`,
  );
}

/** @returns undefined where the text is no lock: a machine that lost its power may have kept an empty file. */
function parse(lock: string): Holder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(lock) as Holder;
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
