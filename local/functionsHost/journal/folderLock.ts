import { join } from "node:path";
import { takeLock } from "../../processLock.ts";

/**
 * Takes a folder for this host alone. What a killed process left does not stand in the way.
 * @returns gives the folder back. Throws when another host has it.
 */
export function lockFolder(folder: string): () => void {
  return takeLock(
    join(folder, "host.lock"),
    (pid) => new Error(`The state folder ${folder} is in use by another host (process ${pid}).`),
  );
}
