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

/** Resources and pages of lists that one preflight asks for; what is remembered counts as one, however long it is. */
const MOST_READS = 22;

/** A reader for one preflight: it remembers, asks for nothing twice, and for no more than a preflight may. */
export interface PreflightReader extends ArmReader {
  /** Whether something was remembered of what another preflight has read. */
  readonly hasRecalled: boolean;
  /** From here on only that is remembered which this preflight has read itself. */
  lookAnew(): void;
}

export interface Recollection {
  reader(): PreflightReader;
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
  { place = () => undefined, now = () => Date.now() }: { place?: () => unknown; now?: () => number } = {},
): Recollection {
  let where: unknown;
  const answers = new Map<string, { until: number; answer: Promise<Observed<unknown>> }>();

  function recall(key: string): Promise<Observed<unknown>> | undefined {
    const known = answers.get(key);
    return known && known.until > now() ? known.answer : undefined;
  }

  function remember(key: string, path: string, answer: Promise<Observed<unknown>>): void {
    const kept = KEPT.find(([pattern]) => pattern.test(path))?.[1] ?? KEPT_OTHERWISE;
    if (kept === 0) return;
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(key, { until: now() + kept, answer });
    // What could not be asked is asked again, and what is not shown may be shown in a moment.
    const drop = () => answers.get(key)?.answer === answer && answers.delete(key);
    answer.then(({ kind }) => kind !== "found" && drop(), drop);
  }

  return {
    reader() {
      if (place() !== where) answers.clear();
      where = place();
      const asked = new Set<string>();
      let taken = 0;
      const mayTake = () => taken < MOST_READS && ++taken > 0;
      const own = new Map<string, Promise<Observed<unknown>>>();
      let isRecalling = true;
      let hasRecalled = false;

      async function ask<T>(key: string, path: string, read: () => Promise<Observed<T>>): Promise<Observed<T>> {
        if (!asked.has(key) && !mayTake()) return notRead(path);
        asked.add(key);
        const recalled = own.get(key) ?? (isRecalling ? recall(key) : undefined);
        if (recalled) {
          hasRecalled ||= !own.has(key);
          return recalled as Promise<Observed<T>>;
        }
        const answer = read();
        own.set(key, answer);
        remember(key, path, answer);
        return answer;
      }

      return {
        get hasRecalled() {
          return hasRecalled;
        },
        lookAnew: () => void (isRecalling = false),
        get: (path, version, query) =>
          ask(keyOf("get", path, version, query), path, () => reader.get(path, version, query)),
        list: (path, version, query) =>
          ask(keyOf("list", path, version, query), path, () => reader.list(path, version, query, mayTake)),
      };
    },
  };
}

function notRead(path: string): Observed<never> {
  const message = `${path} was not read: a preflight takes ${MOST_READS} reads, and others came before it.`;
  return { resource: path, kind: "unreadable", code: "too-many-reads", message, isOurs: true };
}
