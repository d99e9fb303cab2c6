import type { OrchestrationContext, Task } from "durable-functions";
import { type Activities, type Calls, callsBy, type EngineActivities } from "./activities.ts";
import { type Answer, type Passing, resultOf } from "./answer.ts";
import { Call, type Steps } from "./call.ts";
import { type AnyEntity, type EntityCalls, scheduleOperation } from "./entities.ts";
import { interruption } from "./interruption.ts";
import { child, type Orchestrator } from "./orchestrator.ts";
import { isAtItsEnd, NOT_TRIED, pauseAfter, type Patience, type Tried, triedOnce, tryOnce } from "./patience.ts";
import { passingCode } from "../telemetry/whyOf.ts";
import { startAnew } from "./time.ts";
import { WAKE } from "./wake.ts";

/** A step that has failed in a way that may pass, and is gone on with. */
interface Trying {
  step: { activity: string } | { entity: string; key: string; operation: string };
  input: unknown;
  patience: Patience;
  tried: Tried;
  /** What the last attempt answered. */
  answer: Passing;
}

/** Attempts after which it starts anew, so that no history grows with what keeps failing. */
const ATTEMPTS_A_GENERATION = 12;

/**
 * Goes on with one step for as long as it takes, or until it is woken. An instance of its own, without anything to
 * clean up, so that whoever waits for it keeps a short history.
 */
export const keepTrying: Orchestrator<Trying, Answer> = {
  name: "keepTrying",
  *body(context, trying) {
    const stop = interruption(context, WAKE);
    let { tried, answer } = trying;
    for (let again = 0; again < ATTEMPTS_A_GENERATION; again++) {
      if (!(yield* stop.pause(pauseAfter(context, trying.patience, tried, answer)))) return answer;
      const next = yield* tryOnce(() => schedule(context, trying));
      if (next.kind !== "passing") return next;
      tried = triedOnce(tried, trying.patience, next);
      if (isAtItsEnd(trying.patience, tried)) return next;
      answer = next;
    }
    return startAnew(context, { ...trying, tried, answer } satisfies Trying);
  },
};

function schedule(context: OrchestrationContext, { step, input }: Pick<Trying, "step" | "input">): Task {
  if ("activity" in step) return context.df.callActivity(step.activity, input);
  return scheduleOperation(context, step, input);
}

/** How the instance that goes on with a step is run and waited for. */
type Run = (orchestrator: typeof keepTrying, trying: Trying) => Steps<Answer>;

/** Calls of activities: what fails in a way that may pass is gone on with by an instance of its own. */
export function stubbornCallsOf<A extends Activities | EngineActivities>(
  context: OrchestrationContext,
  patience: Patience,
  run = asChildOf(context),
): Calls<A> {
  return callsBy((activity, input) =>
    stubborn(context, activity, { step: { activity }, input, patience }, run),
  ) as Calls<A>;
}

/** Calls of an entity's operations, likewise. */
export function stubbornEntityOf<E extends AnyEntity>(
  context: OrchestrationContext,
  entity: string,
  key: string,
  patience: Patience,
  run = asChildOf(context),
): EntityCalls<E> {
  return callsBy((operation, input) =>
    stubborn(context, `${entity}.${operation}`, { step: { entity, key, operation }, input, patience }, run),
  ) as EntityCalls<E>;
}

function asChildOf(context: OrchestrationContext): Run {
  return function* (orchestrator, trying) {
    return yield* child(context, orchestrator, trying);
  };
}

/**
 * As a child that is not told in Azure's words what the step was answered: for orchestrators that fail where patience
 * ends. The host then writes into its log all that they have asked for.
 */
export function wordlessChildOf(context: OrchestrationContext): Run {
  const run = asChildOf(context);
  return (orchestrator, trying) => {
    const message = passingCode(trying.answer.message);
    return run(orchestrator, { ...trying, answer: { ...trying.answer, message } });
  };
}

function stubborn(
  context: OrchestrationContext,
  name: string,
  step: Pick<Trying, "step" | "input" | "patience">,
  run: Run,
): Call<unknown> {
  return new Call(name, function* () {
    const answer = yield* tryOnce(() => schedule(context, step));
    if (answer.kind !== "passing") return resultOf(answer, name);
    const tried = triedOnce(NOT_TRIED, step.patience, answer);
    return resultOf(yield* run(keepTrying, { ...step, tried, answer }), name);
  });
}
