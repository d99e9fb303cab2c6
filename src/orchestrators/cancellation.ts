import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import type { CancelRequest } from "../domain/cancelRequest.ts";
import { type Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { interruption } from "../durable/interruption.ts";
import { begin, type Orchestrator } from "../durable/orchestrator.ts";
import { pause } from "../durable/time.ts";
import { orNothing } from "./look.ts";

/** The event by which a build learns that it is to end. */
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

/** Waits that somebody's request to cancel the build ends. An activity under way is always waited for. */
export function cancellation(context: OrchestrationContext, act: Calls<BuildActivities>) {
  const asked = interruption<CancelRequest>(context, CANCEL);

  function check(): void {
    if (asked.told) throw new Cancelled(asked.told);
  }

  return {
    /** @throws Cancelled */
    *pause(seconds: number): Steps<void> {
      check();
      yield* asked.pause(seconds);
      check();
    },

    /**
     * Runs a child that stops when it is woken for it.
     *
     * @param name what tells it from the build's other children.
     * @throws Cancelled before the child begins, or after it has ended.
     */
    *child<Input, Output>(orchestrator: Orchestrator<Input, Output>, input: Input, name: string): Steps<Output> {
      check();
      const instanceId = `${context.df.instanceId}-${name}`;
      const task = begin(context, orchestrator, input, instanceId);
      if (!(yield* asked.unless(task))) {
        let seconds = STOP_AGAIN_SECONDS.first;
        while ((yield* orNothing(act.wake({ instanceId, wake: { stop: true } }))) !== "over") {
          yield* pause(context, seconds);
          seconds = Math.min(STOP_AGAIN_SECONDS.longest, 2 * seconds);
        }
      }
      const output = (yield task) as Output;
      check();
      return output;
    },
  };
}
