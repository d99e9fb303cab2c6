/** Targets that are missed, by the id of the figure, and why: no other that is counted may be. There is none. */
export const KNOWN_MISSES: Readonly<Record<string, string>> = {};
