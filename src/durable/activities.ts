import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";
import { advise } from "../domain/advice.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import { Call } from "./call.ts";

/** Activities by their persisted names. Inputs and results are JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- any input type fits here; `Calls` brings it back
export type Activities = Record<string, (input: any) => Promise<unknown>>;

/** The same activities as an orchestrator calls them: names, inputs and results are checked by the compiler. */
export type Calls<A extends Activities> = {
  [Name in keyof A]: (input: Parameters<A[Name]>[0]) => Call<Awaited<ReturnType<A[Name]>>>;
};

/** How often the engine repeats an activity that threw. An activity throws only what a repetition may mend. */
export interface Patience {
  firstPauseSeconds: number;
  longestPauseSeconds: number;
  attempts: number;
}

/**
 * What an activity answers. Errors lose all but their text on the way to the orchestrator, so a failure that no
 * repetition mends travels as data.
 */
type Answer = { kind: "done"; result?: unknown } | { kind: "failed"; failure: Failure };

export function registerActivities(activities: Activities): void {
  for (const [name, run] of Object.entries(activities)) df.app.activity(name, { handler: answering(run) });
}

export function answering(run: Activities[string]): (input: unknown) => Promise<Answer> {
  return async (input) => {
    try {
      return { kind: "done", result: await run(input) };
    } catch (error) {
      if (error instanceof StepFailed) return { kind: "failed", failure: error.failure };
      throw error;
    }
  };
}

export function callsOf<A extends Activities>(context: OrchestrationContext, patience: Patience): Calls<A> {
  const retry = new df.RetryOptions(patience.firstPauseSeconds * 1000, patience.attempts);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = patience.longestPauseSeconds * 1000;
  return new Proxy({} as Calls<A>, {
    get: (_, name) => (input: unknown) =>
      new Call(
        String(name),
        () => context.df.callActivityWithRetry(String(name), retry, input),
        (answer) => resultOf(answer as Answer),
      ),
  });
}

function resultOf(answer: Answer): unknown {
  if (answer.kind === "failed") throw new StepFailed(answer.failure);
  return answer.result;
}

/**
 * Makes a failure with advice of the text that the engine hands over when it has given up on an activity or a child:
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
