import type { OrchestrationContext, Task } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import type { CancelRequest } from "../domain/cancelRequest.ts";
import { type Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { interruption } from "../durable/interruption.ts";
import { stubbornCallsOf } from "../durable/keepTrying.ts";
import { begin, type Orchestrator } from "../durable/orchestrator.ts";
import { later, pause, secondsSince } from "../durable/time.ts";
import { orNothing } from "./look.ts";
import { PATIENT } from "./patience.ts";

/** The event by which a build learns that the archive has a request to end it. What comes with it counts for nothing. */
export const CANCEL = "cancel";
/** Between requests to stop, each time twice as long: one gets lost where the child starts anew in that very moment. */
const STOP_AGAIN_SECONDS = { first: 5, longest: 300 };

/** Ends a build from wherever it waits: thrown, so that it takes the same way out as a failure. */
export class Cancelled extends Error {
  readonly request: CancelRequest;

  constructor(request: CancelRequest) {
    super("The build was cancelled.");
    this.name = "Cancelled";
    this.request = request;
  }
}

/** Seconds between two looks at a child that cannot be waited for together with an event any more. */
const LOOK_SECONDS = { first: 15, longest: 300 };

/** Waits that somebody's request to cancel the build ends. An activity under way is always waited for. */
export function cancellation(
  context: OrchestrationContext,
  act: Calls<BuildActivities>,
  { image, buildId }: Pick<BuildRequest, "image" | "buildId">,
) {
  const patient = stubbornCallsOf<BuildActivities>(context, PATIENT);
  let event = interruption(context, CANCEL);
  let request: CancelRequest | undefined;

  /** Whether there is a request that the event points to: one that points to none is forgotten. */
  function* isAsked(): Steps<boolean> {
    if (!request && event.came) {
      request = (yield* orNothing(patient.readCancelRequest({ image, buildId }))) ?? undefined;
      if (!request) event = interruption(context, CANCEL);
    }
    return request !== undefined;
  }

  /** @throws Cancelled */
  function* check(): Steps<void> {
    if ((yield* isAsked()) && request) throw new Cancelled(request);
  }

  /** @returns false where the build is cancelled before the task has ended. */
  function* unlessAsked(task: Task): Steps<boolean> {
    if (yield* event.unless(task)) return true;
    // A task must not be waited for together with an event twice: from here on it is looked at.
    for (let seconds = LOOK_SECONDS.first; !(yield* isAsked()); seconds = Math.min(LOOK_SECONDS.longest, 2 * seconds)) {
      if (task.isCompleted) return true;
      yield* event.pause(seconds);
    }
    return false;
  }

  return {
    /** @throws Cancelled */
    *pause(seconds: number): Steps<void> {
      const until = later(context, seconds);
      do {
        yield* check();
        yield* event.pause(Math.max(0, -secondsSince(context, until)));
      } while (event.came);
    },

    /**
     * Runs a child that stops when it is woken for it.
     *
     * @param name what tells it from the build's other children.
     * @throws Cancelled before the child begins, or after it has ended.
     */
    *child<Input, Output>(orchestrator: Orchestrator<Input, Output>, input: Input, name: string): Steps<Output> {
      yield* check();
      const instanceId = `${context.df.instanceId}-${name}`;
      const task = begin(context, orchestrator, input, instanceId);
      if (!(yield* unlessAsked(task))) {
        let seconds = STOP_AGAIN_SECONDS.first;
        while ((yield* orNothing(act.wake({ instanceId, wake: { stop: true } }))) !== "over") {
          yield* pause(context, seconds);
          seconds = Math.min(STOP_AGAIN_SECONDS.longest, 2 * seconds);
        }
      }
      const output = (yield task) as Output;
      yield* check();
      return output;
    },
  };
}
