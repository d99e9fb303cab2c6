import type { Patience } from "../durable/patience.ts";

/** For what a flood of builds is throttled by: some hours, in which all of them get through. */
const THROTTLED_ATTEMPTS = 60;

/** For the steps of a build: a fault that lasts longer than a few minutes ends it. */
export const USUAL: Patience = {
  firstPauseSeconds: 5,
  longestPauseSeconds: 60,
  attempts: 5,
  throttledAttempts: THROTTLED_ATTEMPTS,
};

/** For a look that whoever looks is going to repeat anyway. */
export const A_LOOK: Patience = { firstPauseSeconds: 0, longestPauseSeconds: 0, attempts: 1, restsAtEnd: true };

/** For what a build does not wait for: a minute. */
export const TELLING: Patience = { firstPauseSeconds: 5, longestPauseSeconds: 30, attempts: 4 };

/** For an act that somebody else is going to repeat anyway. */
export const ONCE: Patience = { firstPauseSeconds: 0, longestPauseSeconds: 0, attempts: 1 };

/** For the sweeper's look at everything: what cannot be seen for minutes is told of, and the rest goes on. */
export const LOOKING: Patience = { firstPauseSeconds: 15, longestPauseSeconds: 60, attempts: 3, restsAtEnd: true };

/** For archiving: six minutes, since the grants are held meanwhile, and a log can be declared lost. */
export const ARCHIVING: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 90, attempts: 7 };

/** For revoking and for what is kept: about half an hour, since whatever is left behind stays. */
export const PATIENT: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 300, attempts: 11 };

/** For a grant: as long as Azure may take to know it everywhere. */
export function granting(propagationMinutes: number): Patience {
  return { ...USUAL, attempts: 6 + Math.ceil(propagationMinutes) };
}

/** Looks after which a wait starts anew, so that its history stays short however long it lasts. */
export const LOOKS_A_GENERATION = 10;

/**
 * Seconds before the next look at something that Azure creates or deletes: 35 for the two minutes in which it mostly is
 * done, then 70, 140, … 300, and after hours 1,800.
 */
export function secondsToNextLook(look: number): number {
  if (look > 40) return 1800;
  return Math.min(300, 35 * 2 ** Math.max(0, look - 2));
}

/**
 * The same of a template that is deleted: with its staging group that mostly takes a minute. Where events come, one tells
 * when it is gone, and looking is for those that get lost.
 */
export function secondsToNextDeletionLook({ looked, eventsCome }: { looked: number; eventsCome: boolean }): number {
  return looked === 0 ? (eventsCome ? 180 : 60) : secondsToNextLook(looked - 1);
}

/** Image builder makes a template in a minute; what takes longer than this hangs. */
export const CREATION_SECONDS = 70 * 60;
/** Within this time a run that was asked for shows up. */
export const RUN_SHOWS_UP_SECONDS = 600;

/** For what a run has made, which Azure may tell some minutes late. */
export const OUTPUT: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 80, attempts: 5, throttledAttempts: 20 };

/** One answer that a template is not there may be wrong: so many, so many seconds apart, are believed. */
export const LOOKS_UNTIL_GONE = 3;
export const GONE_PAUSE_SECONDS = 15;
