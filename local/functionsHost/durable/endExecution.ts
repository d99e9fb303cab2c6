import type { CompleteDecision } from "./engine/decision.ts";
import { eventFields } from "./history.ts";
import type { WorkItem, WorkItemWorld } from "./workItem.ts";

/** Ends an execution and tells its parent. */
export function endExecution(item: WorkItem, ended: CompleteDecision, world: WorkItemWorld): void {
  const status = ended.status as "Completed" | "Failed" | "Terminated";
  item.fresh.push({
    EventType: 1,
    OrchestrationStatus: status,
    Result: ended.result,
    FailureDetails: null,
    ...eventFields(world.now(), ended.id),
  });
  const { parent } = item;
  if (!parent) return;
  const TaskScheduledId = parent.TaskScheduleId;
  const fields = eventFields(world.now());
  const event =
    status === "Completed"
      ? { EventType: 8 as const, TaskScheduledId, Result: ended.result, ...fields }
      : {
          EventType: 9 as const,
          TaskScheduledId,
          Reason: ended.result ?? "",
          Details: ended.details,
          FailureDetails: null,
          ...fields,
        };
  const { InstanceId: instanceId, ExecutionId: executionId } = parent.OrchestrationInstance;
  item.sent.push({ messageId: world.newId(), instanceId, executionId, event });
}
