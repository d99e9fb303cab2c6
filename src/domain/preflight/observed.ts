/** Something that was asked of Azure: everything may be missing, and not everything may be seen. */
export type Observed<T> = {
  /** The id of what was asked for, or of what it belongs to. */
  resource: string;
} & (
  | { kind: "found"; value: T }
  /** Azure says that it is not there, by that code. */
  | { kind: "absent"; code?: string }
  /**
   * Azure does not show it, or shows something that nobody here understands, or it was not read to its end: `isOurs`,
   * and the message says why. `isPassing`: it may be shown at another time.
   */
  | { kind: "unreadable"; code: string; message: string; isPassing?: true; isOurs?: true }
  /** The build does not need it, or what leads to it could not be read. */
  | { kind: "not asked" }
);

/** @returns undefined where it was not found, for whatever reason. */
export function valueOf<T>(observed: Observed<T> | undefined): T | undefined {
  return observed?.kind === "found" ? observed.value : undefined;
}

export function mapObserved<T, Other>(observed: Observed<T>, map: (value: T) => Other): Observed<Other> {
  return observed.kind === "found" ? { ...observed, value: map(observed.value) } : observed;
}
