/**
 * The time that everything local lives by. Azure's stand-in and the Functions host take a Clock as an argument and
 * never read `Date` themselves; the app under test reads the globals, which `installClock` replaces before it loads.
 */
export interface Clock {
  /** Milliseconds since 1970, of this clock. */
  now(): number;
  /** Calls `run` once, `milliseconds` of this clock from now; never before it is due by `now()`. */
  setTimeout(run: () => void, milliseconds: number): Timeout;
  /** Resolves `milliseconds` of this clock from now. */
  sleep(milliseconds: number): Promise<void>;
  /** Drops every pending timeout; later ones are ignored. */
  close(): void;
}

export interface Timeout {
  cancel(): void;
}
