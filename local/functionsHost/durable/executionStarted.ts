import { eventFields, type ExecutionStarted, type ParentInstance } from "./history.ts";
import type { WorkItemWorld } from "./workItem.ts";

export interface NewExecution {
  name: string;
  instanceId: string;
  /** JSON text. */
  input: string | null;
  parent: ParentInstance | null;
  /** 0 for one that a client starts. */
  generation: number | null;
}

/** The event that begins an execution, under a new id. */
export function executionStarted(
  execution: NewExecution,
  world: Pick<WorkItemWorld, "now" | "newId">,
): ExecutionStarted {
  return {
    OrchestrationInstance: { InstanceId: execution.instanceId, ExecutionId: world.newId() },
    EventType: 0,
    ParentInstance: execution.parent,
    Name: execution.name,
    Version: "",
    Input: execution.input,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: execution.generation,
    ...eventFields(world.now()),
  };
}
