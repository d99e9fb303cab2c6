/** Seconds between two looks at a run: never more than that. */
const LONGEST = 1800;
/** The share of the expected duration before which an end is unlikely. */
const EARLY = 0.91;
/**
 * Seconds between two looks at the least, and at which shares of the time before that is looked: soon, so that people see
 * it go on; and then for a run that was never begun.
 */
const ALONE = { shortest: 23, before: [1 / 6, 1 / 2] };
/** Where an event tells of the end, looking is for those that get lost. */
const WITH_EVENTS = { shortest: 300, before: [1 / 2] };
/** That after which a run takes longer than those before. */
const LATE = 1.1;

/**
 * Seconds until the next look at a run: few looks while its end is far, one every 23 seconds or more around the time that
 * runs of this image have taken, and ever fewer again where it takes much longer.
 *
 * @param eventsCome whether events evidently come of what happens to the template.
 */
export function secondsToNextPoll(elapsedSeconds: number, expectedSeconds: number, eventsCome = false): number {
  const { shortest, before } = eventsCome ? WITH_EVENTS : ALONE;
  const early = expectedSeconds * EARLY;
  const next = [...before.map((share) => early * share), early].find((at) => at - elapsedSeconds >= shortest);
  const gap = next ? next - elapsedSeconds : elapsedSeconds / (elapsedSeconds < expectedSeconds * LATE ? 70 : 40);
  return Math.round(Math.min(LONGEST, Math.max(shortest, gap)));
}

/** What to expect of an image that has no past: image builder's documents say up to 30 minutes, so most take less. */
const UNKNOWN_IMAGE_SECONDS = 29 * 60;

/** The median of an image's last runs. */
export function expectedSeconds(pastSeconds: readonly number[]): number {
  const sorted = [...pastSeconds].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? UNKNOWN_IMAGE_SECONDS;
}
