import { RE2JS, RE2JSSyntaxException } from "re2js";

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
  } catch (error) {
    return { kind: "refused", message: error instanceof RE2JSSyntaxException ? refusalOf(error) : UNKNOWN };
  }
  if (compiled.programSize() > MOST_STEPS) return { kind: "refused", message: TOO_LARGE };
  return { kind: "pattern", fits: (value) => compiled.testExact(value) };
}

/** By the library's kinds of faults, as it calls them. */
const REFUSALS: Record<string, string> = {
  "missing closing )": "is no regular expression: a parenthesis is left open",
  "missing closing ]": "is no regular expression: a bracket is left open",
  "unexpected )": "is no regular expression: a parenthesis is closed that was not opened",
  "invalid character class range":
    "is no regular expression: a range in brackets runs backwards, or a hyphen is meant by itself",
  "missing argument to repetition operator": "is no regular expression: there is nothing before what repeats",
  "invalid repeat count": "repeats too much: RE2 takes up to 1,000 repetitions, those within one another multiplied",
  "invalid nested repetition operator": "repeats a repetition: put parentheses round the inner one",
};

function refusalOf({ message }: Error): string {
  const [, told = ""] = Object.entries(REFUSALS).find(([kind]) => message.includes(kind)) ?? [];
  return told || UNKNOWN;
}

const UNKNOWN = String.raw`is no regular expression that RE2 takes, which has no lookaround, no \1 and no \u`;
const TOO_LARGE = `repeats too much: with all repetitions written out it may have ${MOST_STEPS} steps`;
