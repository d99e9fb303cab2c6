import { RE2JS } from "re2js";

/** A class of characters repeated as often as a value can be long has as many; ten times of it take seconds. */
const MOST_STEPS = 1_100;

export type LinearPattern = { kind: "pattern"; fits(value: string): boolean } | { kind: "refused"; message: string };

/**
 * A regular expression that a whole value has to fit. Who writes recipes, and who asks for builds, has it run in the
 * service: so it is one of RE2, whose matching takes no longer than the value is long, times the pattern's own size.
 */
export function linearPattern(pattern: string): LinearPattern {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    return { kind: "refused", message: UNKNOWN };
  }
  if (compiled.programSize() > MOST_STEPS) return { kind: "refused", message: TOO_LARGE };
  return { kind: "pattern", fits: (value) => compiled.testExact(value) };
}

const UNKNOWN = String.raw`is no regular expression that RE2 takes, which has no lookaround, no \1 and no \u`;
const TOO_LARGE = `repeats too much: with all repetitions written out it may have ${MOST_STEPS} steps`;
