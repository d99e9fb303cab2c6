import { advise } from "../domain/advice.ts";
import { type Failure, StepDelayed, StepFailed, StepThrottled } from "../domain/failure.ts";
import { NotReady } from "../domain/notReady.ts";
import { toldShort } from "../domain/toldShort.ts";

/**
 * What an activity or an entity's operation answers. Errors lose all but their text on the way to the orchestrator, and
 * the engine's own retry does not know Azure's Retry-After, so both kinds of failure travel as data.
 */
export type Answer =
  | { kind: "done"; result?: unknown }
  /** No repetition mends it. */
  | { kind: "failed"; failure: Failure }
  | Passing;

/** A repetition may mend it, not before so many seconds where Azure said so. */
export interface Passing {
  kind: "passing";
  message: string;
  retryAfterSeconds?: number;
  /**
   * That it was not even tried: Azure has not taken it, since too much is asked of it; or the service itself was not ready
   * to work, which ends nobody's patience.
   */
  untried?: "throttled" | "unready";
}

/** Runs a step to its answer; it never rejects. */
export async function answerOf(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { kind: "done", result: await run() };
  } catch (error) {
    if (error instanceof StepFailed) return { kind: "failed", failure: error.failure };
    const message = toldShort(error instanceof Error ? error.message : String(error));
    const wait = error instanceof StepDelayed ? error.retryAfterSeconds : undefined;
    const untried = error instanceof NotReady ? "unready" : error instanceof StepThrottled ? "throttled" : undefined;
    return {
      kind: "passing",
      message,
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
      ...(untried && { untried }),
    };
  }
}

/** @throws StepFailed where the answer is no result. @param name of the step, for the message. */
export function resultOf(answer: Answer, name: string): unknown {
  if (answer.kind === "done") return answer.result;
  throw new StepFailed(answer.kind === "failed" ? answer.failure : advise("step-failed", `${name}: ${answer.message}`));
}

/**
 * Makes a failure with advice of the text that the engine hands over when a function or a child failed as a whole:
 * `Activity function 'startRun' failed:  <message> \n <serialised exception>`.
 */
export function readFailure(error: unknown): StepFailed {
  if (error instanceof StepFailed) return error;
  const text = error instanceof Error ? error.message : String(error);
  const match = /^(?:Activity|Orchestrator) function '(?<step>[^']*)' failed: +(?<message>[^]*?)(?: \n [^]*)?$/.exec(
    text,
  );
  return new StepFailed(advise("step-failed", match ? `${match.groups?.step}: ${match.groups?.message}` : text));
}
