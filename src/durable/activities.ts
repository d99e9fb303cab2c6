import * as df from "durable-functions";
import type { InvocationContext } from "@azure/functions";
import type { DurableClient, OrchestrationContext, Task } from "durable-functions";
import { logLine } from "../telemetry/logLine.ts";
import { answerOf, resultOf } from "./answer.ts";
import type { Execution, StepRules } from "./around.ts";
import { Call } from "./call.ts";
import { whenReady } from "../domain/notReady.ts";
import { workOf } from "../domain/work.ts";
import { type Patience, patiently, type Rest } from "./patience.ts";

/** Activities by their persisted names. Inputs and results are JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- any input type fits here; `Calls` brings it back
export type Activities = Record<string, (input: any) => Promise<unknown>>;

/** What an activity can ask of the engine and the host. */
export interface Engine {
  client: DurableClient;
  /** Writes an error into the log. */
  error: (text: string) => void;
}

/** Activities that ask the engine itself: of other instances, or to tell them something. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type EngineActivities = Record<string, (input: any, engine: Engine) => Promise<unknown>>;

/** The same as an orchestrator calls them: names, inputs and results are checked by the compiler. */
export type Calls<A extends Activities | EngineActivities> = {
  [Name in keyof A]: (input: Parameters<A[Name]>[0]) => Call<Awaited<ReturnType<A[Name]>>>;
};

export function registerActivities(activities: Activities, { mayWork, around }: StepRules): void {
  for (const [name, run] of Object.entries(activities)) {
    df.app.activity(name, {
      handler: (input, context) =>
        around(executionOf(name, input, context), () =>
          answerOf(() => whenReady(mayWork, workOf(name), () => run(input))),
        ),
    });
  }
}

export function registerEngineActivities(activities: EngineActivities, { mayWork, around }: StepRules): void {
  for (const [name, run] of Object.entries(activities)) {
    df.app.activity(name, {
      extraInputs: [df.input.durableClient()],
      handler: (input, context) => {
        const engine: Engine = {
          client: df.getClient(context),
          error: (text) => context.error(logLine("error", text)),
        };
        const step = () => whenReady(mayWork, workOf(name), () => run(input, engine));
        return around(executionOf(name, input, context), () => answerOf(step));
      },
    });
  }
}

function executionOf(name: string, input: unknown, context: InvocationContext): Execution {
  const { invocationId, triggerMetadata } = context;
  const { instanceId } = triggerMetadata ?? {};
  const log: Execution["log"] = (level, line) => context[level](line);
  return { name, input, instanceId: typeof instanceId === "string" ? instanceId : "", invocationId, log };
}

/** Calls of activities that are repeated within the orchestrator's own history: for few and short repetitions. */
export function callsOf<A extends Activities | EngineActivities>(
  context: OrchestrationContext,
  patience: Patience,
  rest?: Rest,
): Calls<A> {
  return callsBy((name, input) =>
    repeated(context, patience, name, () => context.df.callActivity(name, input), rest),
  ) as Calls<A>;
}

/** An object whose every property is a way to call what is named like it. */
export function callsBy(call: (name: string, input: unknown) => Call<unknown>): Record<string, unknown> {
  return new Proxy({}, { get: (_, name) => (input: unknown) => call(String(name), input) });
}

export function repeated(
  context: OrchestrationContext,
  patience: Patience,
  name: string,
  schedule: () => Task,
  rest?: Rest,
): Call<unknown> {
  return new Call(name, function* () {
    return resultOf(yield* patiently(context, patience, schedule, rest), name);
  });
}
