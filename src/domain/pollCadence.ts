/** Seconds between two looks at a run: never less than the first, never more than the second. */
const SHORTEST = 30;
const LONGEST = 1800;
/** The share of the expected duration before which an end is unlikely, and how often is looked meanwhile. */
const EARLY = 0.88;
const EARLY_LOOKS = 4;
/** That after which a run takes longer than those before. */
const LATE = 1.1;

/**
 * Seconds until the next look at a run: few looks while its end is far, one every half minute around the time that
 * runs of this image have taken, and ever fewer again where it takes much longer.
 */
export function secondsToNextPoll(elapsedSeconds: number, expectedSeconds: number): number {
  const early = expectedSeconds * EARLY;
  const gap =
    elapsedSeconds < early
      ? Math.min(early / EARLY_LOOKS, early - elapsedSeconds)
      : elapsedSeconds / (elapsedSeconds < expectedSeconds * LATE ? 60 : 40);
  return Math.round(Math.min(LONGEST, Math.max(SHORTEST, gap)));
}

/** What to expect of an image that has no past: image builder's documents say up to 30 minutes. */
const UNKNOWN_IMAGE_SECONDS = 30 * 60;

/** The median of an image's last runs. */
export function expectedSeconds(pastSeconds: readonly number[]): number {
  const sorted = [...pastSeconds].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? UNKNOWN_IMAGE_SECONDS;
}
