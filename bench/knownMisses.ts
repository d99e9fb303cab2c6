/** Targets that are missed, by the id of the figure, and why: no other that is counted may be. Both are met where events come. */
export const KNOWN_MISSES: Readonly<Record<string, string>> = {
  "arm-calls-known":
    "Without events each run is looked at nine times, and nothing that is known of access is believed.",
  overhead:
    "Without events ends of operations are found by looking twice a minute: looking more often costs more calls.",
};
