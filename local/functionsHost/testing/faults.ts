import type { Chance } from "../../chance.ts";
import type { ActivityResult, DurableFunctions } from "../durable/dispatcher.ts";
import type { EntityAnswer } from "../durable/entities/entityChange.ts";
import type { ActivityTask, HubChange } from "../durable/taskHub.ts";

/** A moment at which a host may be killed. */
export interface CrashPoint {
  /** Whether the result is recorded already, or only the function knows of it. */
  when: "beforeResult" | "afterResult";
  /** An activity, or all the operations that an entity performed in one batch. */
  kind: "activity" | "entity";
  /** Of the activity, or of the entity: `@lease@<key>`. */
  name: string;
  instanceId: string;
}

export interface FaultOptions {
  /** How often an activity is delivered twice: a probability from 0 to 1, or for which. */
  duplicateActivities?: number | ((activity: { name: string; instanceId: string }) => boolean);
  /**
   * Messages, activities and their results are each on their way for up to so many milliseconds, so that they come in
   * another order than that in which they were sent. 0 by default.
   */
  latestDeliveryMilliseconds?: number;
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
  /** Activities, by their ids, and entities whose result is on its way into the journal. */
  const answered = new Map<string, Pick<CrashPoint, "kind" | "name" | "instanceId">>();

  const isDuplicated = (activity: ActivityTask) =>
    typeof duplicateActivities === "number"
      ? chance.happens(duplicateActivities)
      : duplicateActivities({ name: activity.name, instanceId: activity.instanceId });

  /** A function has its result. @param id that the change will have by which it is recorded. */
  function hasAnswered(id: string, point: Omit<CrashPoint, "when">): void {
    if (options.crash?.({ when: "beforeResult", ...point })) crash();
    else answered.set(id, point);
  }

  return {
    wrapFunctions: (functions) => ({
      ...functions,
      async callActivity(activity): Promise<ActivityResult> {
        const deliver = () => functions.callActivity(activity);
        // Both run at the same time, as two hosts would run them; the first answer counts.
        const result = await (isDuplicated(activity) ? Promise.race([deliver(), deliver()]) : deliver());
        const { activityId, name, instanceId } = activity;
        hasAnswered(activityId, { kind: "activity", name, instanceId });
        return result;
      },
      async callEntity(batch): Promise<EntityAnswer> {
        const answer = await functions.callEntity(batch);
        const { instanceId } = batch;
        hasAnswered(instanceId, { kind: "entity", name: instanceId, instanceId });
        return answer;
      },
    }),
    onChange(change) {
      const id = recordedBy(change);
      const point = id === undefined ? undefined : answered.get(id);
      if (id === undefined || !point) return;
      answered.delete(id);
      if (options.crash?.({ when: "afterResult", ...point })) crash();
    },
  };
}

/** The activity's id, or the entity's, whose result a change records. */
function recordedBy(change: HubChange): string | undefined {
  if (change.kind === "activityCompleted") return change.activityId;
  return change.kind === "workItemCompleted" ? change.instance.instanceId : undefined;
}
