import { endExecution } from "./endExecution.ts";
import type { Decision } from "./engine/decision.ts";
import { visibleAt } from "./engine/timers.ts";
import { executionStarted } from "./executionStarted.ts";
import { eventFields } from "./history.ts";
import type { WorkItem, WorkItemWorld } from "./workItem.ts";

type Of<Kind extends Decision["kind"]> = Extract<Decision, { kind: Kind }>;

/** Writes a decision into an item's history, and puts what it sets going beside it. */
export function recordDecision(item: WorkItem, decision: Decision, world: WorkItemWorld): void {
  switch (decision.kind) {
    case "scheduleTask":
      return scheduleTask(item, decision, world);
    case "createTimer":
      return createTimer(item, decision, world);
    case "createSubOrchestration":
      return createSubOrchestration(item, decision, world);
    case "sendEvent":
      return sendEvent(item, decision, world);
    case "complete":
      return endExecution(item, decision, world);
  }
}

function scheduleTask(item: WorkItem, { id, name, input }: Of<"scheduleTask">, world: WorkItemWorld): void {
  const event = { EventType: 4, Name: name, Version: "", Input: null, ParentTraceContext: null } as const;
  item.fresh.push({ ...event, ...eventFields(world.now(), id) });
  item.activities.push({
    activityId: world.newId(),
    instanceId: item.instanceId,
    executionId: item.executionId,
    taskScheduledId: id,
    name,
    input,
    fetchedAt: null,
  });
}

function createTimer(item: WorkItem, { id, fireAt }: Of<"createTimer">, world: WorkItemWorld): void {
  const now = world.now();
  item.fresh.push({ EventType: 10, FireAt: fireAt, ...eventFields(now, id) });
  item.timers.push({
    timerId: world.newId(),
    visibleAt: visibleAt(Date.parse(fireAt), now),
    message: {
      messageId: world.newId(),
      instanceId: item.instanceId,
      executionId: item.executionId,
      event: { EventType: 11, TimerId: id, FireAt: fireAt, ...eventFields(now) },
    },
  });
}

function createSubOrchestration(
  item: WorkItem,
  { id, name, instanceId, input }: Of<"createSubOrchestration">,
  world: WorkItemWorld,
): void {
  const created = { EventType: 7, Name: name, Version: "", InstanceId: instanceId, Input: null } as const;
  const ClientSpanId = world.newId().slice(0, 16);
  item.fresh.push({ ...created, ClientSpanId, ...eventFields(world.now(), id) });
  const parent = {
    Name: item.name,
    OrchestrationInstance: { InstanceId: item.instanceId, ExecutionId: item.executionId },
    TaskScheduleId: id,
    Version: "",
  };
  const event = executionStarted({ name, instanceId, input, parent, generation: null }, world);
  item.sent.push({ messageId: world.newId(), instanceId, executionId: null, event });
}

function sendEvent(item: WorkItem, { id, instanceId, name, data }: Of<"sendEvent">, world: WorkItemWorld): void {
  const now = world.now();
  item.fresh.push({ EventType: 14, InstanceId: instanceId, Name: name, Input: data, ...eventFields(now, id) });
  item.sent.push({
    messageId: world.newId(),
    instanceId,
    executionId: null,
    event: { EventType: 15, Name: name, Input: data, ParentTraceContext: null, ...eventFields(now) },
  });
}
