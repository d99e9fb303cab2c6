import type { OrchestrationContext, Task } from "durable-functions";
import { type Answer, type Passing, readFailure } from "./answer.ts";
import type { Steps } from "./call.ts";
import { jittered, pause } from "./time.ts";

/** How often a step is repeated whose failure may pass. Pauses double, and are never shorter than Azure asks for. */
export interface Patience {
  firstPauseSeconds: number;
  longestPauseSeconds: number;
  attempts: number;
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
  let rests = 0;
  for (let attempt = 1; ; attempt++) {
    let answer = yield* tryOnce(schedule);
    while (answer.kind === "passing" && answer.unready) {
      if (!(yield* rest(unreadyPause(context, rests++)))) return answer;
      answer = yield* tryOnce(schedule);
    }
    if (answer.kind !== "passing") return answer;
    if (attempt >= patience.attempts) {
      if (patience.restsAtEnd && answer.retryAfterSeconds) yield* rest(answer.retryAfterSeconds);
      return answer;
    }
    if (!(yield* rest(pauseAfter(context, patience, attempt, answer)))) return answer;
  }
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

/** Seconds before it is looked again whether the service is ready: as long again as it has not been, up to a quarter of an hour. */
export function unreadyPause(context: OrchestrationContext, rests: number): number {
  return jittered(context, Math.min(900, 30 * 2 ** Math.min(rests, 30)));
}

export function pauseAfter(
  context: OrchestrationContext,
  { firstPauseSeconds, longestPauseSeconds }: Patience,
  attempt: number,
  { retryAfterSeconds = 0 }: Passing,
): number {
  const own = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(attempt - 1, 30));
  return Math.max(jittered(context, own), retryAfterSeconds);
}
