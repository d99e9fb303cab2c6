import type { ActivityResult, DurableFunctions } from "../durable/dispatcher.ts";
import type { ActivityTask, HubChange } from "../durable/taskHub.ts";
import type { Chance } from "./chance.ts";

/** A moment at which a host may be killed. */
export interface CrashPoint {
  /** Whether the activity's result is recorded already, or only the activity knows of it. */
  when: "beforeResult" | "afterResult";
  activity: string;
  instanceId: string;
}

export interface FaultOptions {
  /** How often an activity is delivered twice: a probability from 0 to 1, or for which. */
  duplicateActivities?: number | ((activity: { name: string; instanceId: string }) => boolean);
  /** Asked at every crash point; true kills the host there. */
  crash?: (point: CrashPoint) => boolean;
}

export interface Faults {
  wrapFunctions: (functions: DurableFunctions) => DurableFunctions;
  onChange: (change: HubChange) => void;
}

/** What may go wrong in any host, by switch. @param crash kills the host. */
export function faultsOf(options: FaultOptions, chance: Chance, crash: () => void): Faults {
  const { duplicateActivities = 0 } = options;
  /** Those whose result is on its way into the journal. */
  const answered = new Map<string, ActivityTask>();

  const isDuplicated = (activity: ActivityTask) =>
    typeof duplicateActivities === "number"
      ? chance.happens(duplicateActivities)
      : duplicateActivities({ name: activity.name, instanceId: activity.instanceId });

  const crashesAt = (when: CrashPoint["when"], { name, instanceId }: ActivityTask) =>
    options.crash?.({ when, activity: name, instanceId }) ?? false;

  async function callActivity(functions: DurableFunctions, activity: ActivityTask): Promise<ActivityResult> {
    const deliver = () => functions.callActivity(activity);
    // Both run at the same time, as two hosts would run them; the first answer counts.
    const result = await (isDuplicated(activity) ? Promise.race([deliver(), deliver()]) : deliver());
    if (crashesAt("beforeResult", activity)) crash();
    else answered.set(activity.activityId, activity);
    return result;
  }

  return {
    wrapFunctions: (functions) => ({
      ...functions,
      callActivity: (activity) => callActivity(functions, activity),
    }),
    onChange(change) {
      if (change.kind !== "activityCompleted") return;
      const activity = answered.get(change.activityId);
      answered.delete(change.activityId);
      if (activity && crashesAt("afterResult", activity)) crash();
    },
  };
}
