import * as z from "zod";

/**
 * What is known of an image across its builds: `images/<image>.json` in the archive.
 *
 * Nothing in it is worth a build: what cannot be read counts as unknown, and is written anew with the next change.
 */
export const ImageHistory = z
  .object({
    /** Seconds that the last successful runs took, the newest last. */
    runSeconds: z.array(z.number()).catch([]),
  })
  .catch({ runSeconds: [] });

export type ImageHistory = z.infer<typeof ImageHistory>;

/** Past runs that count for what to expect. */
const REMEMBERED = 5;

export function withRun(history: ImageHistory, seconds: number): ImageHistory {
  return { ...history, runSeconds: [...history.runSeconds, Math.round(seconds)].slice(-REMEMBERED) };
}
