/** Targets that are missed, by the id of the figure, and why: no other that is counted may be. */
export const KNOWN_MISSES: Readonly<Record<string, string>> = {
  "arm-calls-known":
    "What is known of access is never believed, each removal is read back twice, and every look at a run is one.",
  overhead: "Ends of operations are found by looking every half minute: looking more often costs more calls.",
};
