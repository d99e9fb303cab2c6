import type { Observed } from "../domain/preflight/observed.ts";
import type { ArmReader } from "./armReader.ts";

const SECONDS = 1000;
/** How long an answer is remembered. Builds of one tick share what is in use by others meanwhile. */
const KEPT: readonly [path: RegExp, milliseconds: number][] = [
  // Of access nothing is remembered: it is what may not be believed to be as it was.
  [/\/(roleAssignments|roleDefinitions|permissions|userAssignedIdentities)(\/|$)/i, 0],
  [/\/usages$/i, 30 * SECONDS],
];
const KEPT_OTHERWISE = 300 * SECONDS;
const MOST_ANSWERS = 500;

/** A reader that remembers, and tells whether it has. */
export interface RecallingReader extends ArmReader {
  readonly hasRecalled: boolean;
}

export interface Recollection {
  /** For one preflight. */
  reader(): RecallingReader;
  /** Forgets everything. */
  forget(): void;
}

const keyOf = (...parts: unknown[]) => JSON.stringify(parts).toLowerCase();

/**
 * Remembers for a short time what was read of the ground; who asks while it is being read waits for the same answer.
 *
 * @param place what is read of, where that can change: what was remembered of another is forgotten.
 * @param now milliseconds of whatever clock the answers are to grow old by.
 */
export function recollection(
  reader: ArmReader,
  { place = () => undefined, now = Date.now }: { place?: () => unknown; now?: () => number } = {},
): Recollection {
  let where: unknown;
  const answers = new Map<string, { until: number; answer: Promise<Observed<unknown>> }>();

  function recalled<T>(key: string, path: string, read: () => Promise<Observed<T>>, onRecall: () => void) {
    const kept = KEPT.find(([pattern]) => pattern.test(path))?.[1] ?? KEPT_OTHERWISE;
    if (kept === 0) return read();
    const known = answers.get(key);
    const asked = now();
    if (known && known.until > asked) {
      onRecall();
      return known.answer as Promise<Observed<T>>;
    }
    const answer = read();
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(key, { until: asked + kept, answer });
    // What could not be asked is asked again, and what is not shown may be shown in a moment.
    const drop = () => answers.get(key)?.answer === answer && answers.delete(key);
    answer.then(({ kind }) => kind !== "found" && drop(), drop);
    return answer;
  }

  return {
    reader() {
      if (place() !== where) answers.clear();
      where = place();
      let hasRecalled = false;
      const note = () => void (hasRecalled = true);
      return {
        get hasRecalled() {
          return hasRecalled;
        },
        get: (path, version, query) =>
          recalled(keyOf("get", path, version, query), path, () => reader.get(path, version, query), note),
        list: (path, version, query) =>
          recalled(keyOf("list", path, version, query), path, () => reader.list(path, version, query), note),
      };
    },
    forget: () => answers.clear(),
  };
}
