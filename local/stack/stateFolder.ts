import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOCK, lockStateFolder } from "./stateFolderLock.ts";

/** Stands in every folder that was a state folder once. */
const MARK = "clock.json";

/**
 * Takes a state folder, which comes into being where there is none. One that holds anything else than state is
 * refused: it would be taken for state from then on, and emptied with `--fresh`.
 *
 * @returns gives the folder back. Throws with a sentence for the person where it cannot be had.
 */
export function takeStateFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  refuseForeign(folder);
  return lockStateFolder(folder);
}

/** Empties a folder that was taken. The folder itself stays, since it may be a mount point, and so does the lock. */
export function emptyStateFolder(folder: string): void {
  refuseForeign(folder);
  // The mark goes last: a folder that was emptied in part is still ours to empty.
  const entries = contentOf(folder).sort((one, other) => Number(one === MARK) - Number(other === MARK));
  for (const entry of entries) rmSync(join(folder, entry), { recursive: true, force: true });
}

function refuseForeign(folder: string): void {
  const content = contentOf(folder);
  if (content.length === 0 || content.includes(MARK)) return;
  throw new Error(
    `The folder ${folder} holds files that are no local state (there is no ${MARK}), and --fresh would delete them: ` +
      "choose an empty folder, or one that is not there yet, with --state.",
  );
}

function contentOf(folder: string): string[] {
  return readdirSync(folder).filter((entry) => !entry.startsWith(LOCK));
}
