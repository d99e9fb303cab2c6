import type { Patience } from "../durable/activities.ts";

/** For the steps of a build: a fault that lasts longer than a minute or two ends it. */
export const USUAL: Patience = { firstPauseSeconds: 5, longestPauseSeconds: 60, attempts: 5 };

/** For archiving, deleting and revoking: about half an hour, since whatever they leave behind stays. */
export const PATIENT: Patience = { firstPauseSeconds: 10, longestPauseSeconds: 300, attempts: 11 };

/** Pauses between looks at something that Azure is deleting or cancelling: 15 s, 30 s, …, 5 min; 1.5 hours together. */
export const LOOK_PAUSES_SECONDS = [15, 30, 60, 120, 240, ...Array.from({ length: 16 }, () => 300)];
