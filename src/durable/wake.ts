/** The event that ends the pause of an instance that waits. */
export const WAKE = "wake";

export interface Wake {
  /** To look at once, or to stop waiting. */
  stop: boolean;
}
