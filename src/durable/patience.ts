import type { OrchestrationContext, Task } from "durable-functions";
import { type Answer, type Passing, readFailure } from "./answer.ts";
import type { Steps } from "./call.ts";
import { jittered, pause } from "./time.ts";

/** How often a step is repeated whose failure may pass. Pauses double, and are never shorter than Azure asks for. */
export interface Patience {
  firstPauseSeconds: number;
  longestPauseSeconds: number;
  attempts: number;
  /** Attempts that Azure has not even taken, and which do not count as the others then; without it they do. */
  throttledAttempts?: number;
  /** Whether it is going to be asked again by whoever asked: then not earlier than Azure asks for either. */
  restsAtEnd?: boolean;
}

/** Waits so many seconds. @returns false where something has ended the wait, and with it all patience. */
export type Rest = (seconds: number) => Steps<boolean>;

/** Repeats a step until it answers something that is final, or patience ends. */
export function* patiently(
  context: OrchestrationContext,
  patience: Patience,
  schedule: () => Task,
  rest: Rest = undisturbed(context),
): Steps<Answer> {
  for (let tried = NOT_TRIED; ;) {
    const answer = yield* tryOnce(schedule);
    if (answer.kind !== "passing") return answer;
    tried = triedOnce(tried, patience, answer);
    if (isAtItsEnd(patience, tried)) {
      if (patience.restsAtEnd && answer.retryAfterSeconds) yield* rest(answer.retryAfterSeconds);
      return answer;
    }
    if (!(yield* rest(pauseAfter(context, patience, tried, answer)))) return answer;
  }
}

/** How a step has come along. */
export interface Tried {
  failed: number;
  /** How often Azure has not even taken it. */
  throttled: number;
  /** How often the service has not been ready, since it last was. */
  unready: number;
}

export const NOT_TRIED: Tried = { failed: 0, throttled: 0, unready: 0 };

/** Pauses that double where nothing was even tried. */
const UNTRIED = {
  /** Ever later, since all others do that are throttled with it. */
  throttled: { firstPauseSeconds: 5, longestPauseSeconds: 300 },
  /** Settings are mended by people. */
  unready: { firstPauseSeconds: 30, longestPauseSeconds: 900 },
};

/** What an attempt counts as. */
function countOf({ throttledAttempts = 0 }: Patience, { untried }: Passing): keyof Tried {
  if (untried === "throttled" && throttledAttempts === 0) return "failed";
  return untried ?? "failed";
}

export function triedOnce(tried: Tried, patience: Patience, answer: Passing): Tried {
  const count = countOf(patience, answer);
  return { ...tried, unready: 0, [count]: tried[count] + 1 };
}

export function isAtItsEnd({ attempts, throttledAttempts = 0 }: Patience, { failed, throttled }: Tried): boolean {
  return failed >= attempts || (throttled > 0 && throttled >= throttledAttempts);
}

function undisturbed(context: OrchestrationContext): Rest {
  return function* (seconds) {
    yield* pause(context, seconds);
    return true;
  };
}

/** A function that failed as a whole, because its host died or its time ran out, may succeed when it runs again. */
export function* tryOnce(schedule: () => Task): Steps<Answer> {
  try {
    return (yield schedule()) as Answer;
  } catch (error) {
    return { kind: "passing", message: readFailure(error).message };
  }
}

export function pauseAfter(context: OrchestrationContext, patience: Patience, tried: Tried, answer: Passing): number {
  const count = countOf(patience, answer);
  const { firstPauseSeconds, longestPauseSeconds } = count === "failed" ? patience : UNTRIED[count];
  const own = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(tried[count] - 1, 30));
  return Math.max(jittered(context, own), answer.retryAfterSeconds ?? 0);
}
