import { AsyncLocalStorage } from "node:async_hooks";
import type { Execution } from "../durable/around.ts";
import type { EndedSpan, SpanPlace } from "./telemetry.ts";

/** A step of a build, of a sweep or of something else, while it is carried out. */
export interface RunningStep extends SpanPlace {
  /** Of the activity, or `entity.operation`. */
  name: string;
  buildId?: string;
  phase?: string;
  log: Execution["log"];
  /** Requests that it has sent, and that have been answered. */
  calls: EndedSpan[];
  /** Whether it has been told, with what it had sent by then. */
  isTold: boolean;
}

const running = new AsyncLocalStorage<RunningStep>();

/** The step that asks; undefined where none does, as in a door. */
export function runningStep(): RunningStep | undefined {
  return running.getStore();
}

export function withinStep<T>(step: RunningStep, run: () => Promise<T>): Promise<T> {
  return running.run(step, run);
}

/** Does something that is none of the step's that may be running. */
export function outsideSteps<T>(run: () => T): T {
  return running.exit(run);
}
