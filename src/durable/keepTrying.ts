import type { OrchestrationContext, Task } from "durable-functions";
import { type Activities, type Calls, callsBy, type EngineActivities } from "./activities.ts";
import { type Answer, resultOf } from "./answer.ts";
import { Call, type Steps } from "./call.ts";
import { type AnyEntity, type EntityCalls, scheduleOperation } from "./entities.ts";
import { interruption } from "./interruption.ts";
import { child, type Orchestrator } from "./orchestrator.ts";
import { pauseAfter, type Patience, tryOnce } from "./patience.ts";
import { startAnew } from "./time.ts";
import { WAKE } from "./wake.ts";

/** A step that is repeated for long. */
interface Trying {
  step: { activity: string } | { entity: string; key: string; operation: string };
  input: unknown;
  patience: Patience;
  /** Attempts of earlier generations. */
  tried: number;
}

/** Attempts after which it starts anew, so that no history grows with what keeps failing. */
const ATTEMPTS_A_GENERATION = 12;

/**
 * Repeats one step for as long as it takes, or until it is woken. An instance of its own, without anything to clean up, so that whoever waits
 * for it keeps a short history.
 */
export const keepTrying: Orchestrator<Trying, Answer> = {
  name: "keepTrying",
  *body(context, trying) {
    const stop = interruption(context, WAKE);
    const last = trying.tried + ATTEMPTS_A_GENERATION;
    for (let attempt = trying.tried + 1; attempt <= last; attempt++) {
      const answer = yield* tryOnce(() => schedule(context, trying));
      if (answer.kind !== "passing" || attempt >= trying.patience.attempts) return answer;
      const undisturbed = yield* stop.pause(pauseAfter(context, trying.patience, attempt, answer));
      if (!undisturbed) return answer;
    }
    return startAnew(context, { ...trying, tried: last } satisfies Trying);
  },
};

function schedule(context: OrchestrationContext, { step, input }: Trying): Task {
  if ("activity" in step) return context.df.callActivity(step.activity, input);
  return scheduleOperation(context, step, input);
}

/** How the instance that repeats a step is run and waited for. @param name of the step. */
type Run = (orchestrator: typeof keepTrying, trying: Trying, name: string) => Steps<Answer>;

/** Calls of activities, each repeated by an instance of its own. */
export function stubbornCallsOf<A extends Activities | EngineActivities>(
  context: OrchestrationContext,
  patience: Patience,
): Calls<A> {
  return callsBy((activity, input) =>
    stubborn({ step: { activity }, input, patience }, activity, asChildOf(context)),
  ) as Calls<A>;
}

/** Calls of an entity's operations, each repeated by an instance of its own. */
export function stubbornEntityOf<E extends AnyEntity>(
  context: OrchestrationContext,
  entity: string,
  key: string,
  patience: Patience,
  run = asChildOf(context),
): EntityCalls<E> {
  return callsBy((operation, input) =>
    stubborn({ step: { entity, key, operation }, input, patience }, `${entity}.${operation}`, run),
  ) as EntityCalls<E>;
}

function asChildOf(context: OrchestrationContext): Run {
  return function* (orchestrator, trying) {
    return yield* child(context, orchestrator, trying);
  };
}

function stubborn(trying: Omit<Trying, "tried">, name: string, run: Run): Call<unknown> {
  return new Call(name, function* () {
    return resultOf(yield* run(keepTrying, { ...trying, tried: 0 }, name), name);
  });
}
