import { join } from "node:path";
import { livingHolder, takeLock } from "../processLock.ts";

/** What the launcher leaves in a folder to hold it. */
export const LOCK = "stack.lock";
/** The Functions host's own: one whose launcher was killed may still run. */
const HOST_LOCK = "host.lock";

/**
 * Takes a state folder for the processes of one launcher. What a killed process left does not stand in the way.
 * @returns gives the folder back. Throws with a sentence for the person where a living process has it.
 */
export function lockStateFolder(folder: string): () => void {
  const refusal = (pid: number) =>
    new Error(
      `The state folder ${folder} is in use by process ${pid}: stop that, or choose another folder with --state.`,
    );
  const release = takeLock(join(folder, LOCK), refusal);
  const host = livingHolder(join(folder, HOST_LOCK));
  if (host === undefined) return release;
  release();
  throw refusal(host);
}
