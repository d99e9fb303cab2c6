import { ALLOWED_DIFFERENCES } from "./allowedDifferences.ts";

/** A place where two recordings are not the same. */
export interface Difference {
  path: string;
  expected: unknown;
  actual: unknown;
}

/** Stands in a recording where the real host's own runs did not agree. */
const UNSTABLE = "<unstable>";

/** Where `actual` differs from the recording in a way that is not allowed. */
export function compare(scenario: string, expected: unknown, actual: unknown): Difference[] {
  return [...differences(expected, actual, "")].filter(
    ({ path }) =>
      !ALLOWED_DIFFERENCES.some((allowed) => (allowed.scenario ?? scenario) === scenario && allowed.path.test(path)),
  );
}

function* differences(expected: unknown, actual: unknown, path: string): Generator<Difference> {
  if (isUnstable(expected)) return;
  if (kindOf(expected) !== kindOf(actual)) {
    yield { path, expected, actual };
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    for (let at = 0; at < length; at++) yield* differences(expected[at], actual[at], `${path}[${at}]`);
  } else if (kindOf(expected) === "object") {
    const [before, after] = [expected as Record<string, unknown>, actual as Record<string, unknown>];
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[key], after[key], path ? `${path}.${key}` : key);
    }
  } else if (expected !== actual) {
    yield { path, expected, actual };
  }
}

export const isUnstable = (value: unknown): boolean =>
  value === UNSTABLE || (kindOf(value) === "object" && "$unstable" in (value as object));

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
