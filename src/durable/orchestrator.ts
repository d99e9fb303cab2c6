import * as df from "durable-functions";
import type { OrchestrationContext, OrchestrationHandler, Task } from "durable-functions";
import { StepFailed } from "../domain/failure.ts";
import { codesOf } from "../telemetry/whyOf.ts";
import { Call, takeForgottenCalls, type Steps } from "./call.ts";
import { readFailure } from "./answer.ts";

/** An orchestrator with its persisted name, typed by its input and output. */
export interface Orchestrator<Input, Output> {
  name: string;
  body: (context: OrchestrationContext, input: Input) => Steps<Output>;
}

export function registerOrchestrator<Input, Output>(orchestrator: Orchestrator<Input, Output>): void {
  df.app.orchestration(orchestrator.name, handlerOf(orchestrator));
}

/**
 * Runs another orchestrator as a child and waits for its end.
 *
 * @param instanceId must be nobody else's: it would be replaced. The engine names the child where there is none.
 */
export function child<Input, Output>(
  context: OrchestrationContext,
  orchestrator: Orchestrator<Input, Output>,
  input: Input,
  instanceId?: string,
): Call<Output> {
  return new Call(orchestrator.name, function* () {
    return (yield begin(context, orchestrator, input, instanceId)) as Output;
  });
}

/** Begins a child without waiting for it. */
export function begin<Input>(
  context: OrchestrationContext,
  { name }: Orchestrator<Input, unknown>,
  input: Input,
  instanceId?: string,
): Task {
  return context.df.callSubOrchestrator(name, input, instanceId);
}

/** The generator that the engine drives; between it and the body stand the rules that the engine does not check. */
export function handlerOf<Input, Output>({ body }: Orchestrator<Input, Output>): OrchestrationHandler {
  return function* (context): Generator<Task, Output, unknown> {
    const steps = body(context, context.df.getInput<Input>());
    let resume = () => steps.next();
    for (;;) {
      let step = advance(resume);
      const forgotten = takeForgottenCalls();
      if (forgotten) step = advance(() => steps.throw(forgotten));
      if (step.done) return step.value;
      try {
        const answer = yield step.value;
        resume = () => steps.next(answer);
      } catch (error) {
        const failure = readFailure(error);
        resume = () => steps.throw(failure);
      }
    }
  };
}

/**
 * The engine hangs an instance for ever where something other than an Error is thrown, or one that says nothing. And what
 * an orchestrator throws the host writes into its log: of a step that failed the code and none of Azure's words. A sweep
 * has told them before; of all others the code is what people get.
 */
function advance<Step>(resume: () => Step): Step {
  try {
    return resume();
  } catch (error) {
    // What was forgotten before the fall is nothing to the next orchestrator's step.
    takeForgottenCalls();
    if (!(error instanceof Error)) throw new Error("Something that is no Error was thrown.", { cause: error });
    if (error instanceof StepFailed) throw new Error(codesOf(error), { cause: error });
    throw error.message ? error : new Error(`${error.name}, which says nothing.`, { cause: error });
  }
}
