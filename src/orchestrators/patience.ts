import type { Patience } from "../durable/activities.ts";

/** For the steps of a build: a fault that lasts longer than a minute or two ends it. */
export const USUAL: Patience = { firstPauseSeconds: 5, longestPauseSeconds: 60, attempts: 5 };

/** For archiving: six minutes, since the grants are held meanwhile, and a log can be declared lost. */
export const ARCHIVING: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 90, attempts: 7 };

/** For deleting and revoking: about half an hour, since whatever they leave behind stays. */
export const PATIENT: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 300, attempts: 11 };

/** Seconds between looks at something that Azure creates or deletes: 15, 30, … 300; about 70 minutes together. */
export const OPERATION_PAUSES = [15, 30, 60, 120, 240, ...Array.from({ length: 12 }, () => 300)];

/** The same while a run is being cancelled, which can hang for days: half an hour. */
export const CANCELLATION_PAUSES = OPERATION_PAUSES.slice(0, 9);

/** Seconds between looks for what a run has made; the last look comes after two minutes. */
export const OUTPUT_PAUSES = [0, 10, 30, 80];

/** One answer that a template is not there may be wrong: so many, so many seconds apart, are believed. */
export const LOOKS_UNTIL_GONE = 3;
export const GONE_PAUSE_SECONDS = 15;
