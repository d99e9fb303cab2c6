import type { ActivityResult, DurableFunctions } from "../../../local/functionsHost/durable/dispatcher.ts";
import type { ActivityTask } from "../../../local/functionsHost/durable/taskHub.ts";
import type { Setting } from "./stage.ts";

export type Insteads = Record<string, (activity: ActivityTask, functions: DurableFunctions) => Promise<ActivityResult>>;

/** The service with some of its activities done otherwise. */
export function withActivities(insteads: Insteads): Setting {
  return {
    wrapFunctions: (functions) => ({
      ...functions,
      callActivity: (activity) => insteads[activity.name]?.(activity, functions) ?? functions.callActivity(activity),
    }),
  };
}

export const done = (result: unknown): ActivityResult => ({ Result: JSON.stringify({ kind: "done", result }) });
