import type { Surroundings } from "./engine/actions.ts";
import type { Answer } from "./engine/answer.ts";
import type { CompleteDecision } from "./engine/decision.ts";
import { decide } from "./engine/episode.ts";
import { visibleAt } from "./engine/timers.ts";
import { eventFields, type ExecutionStarted, type HistoryEvent, type ParentInstance } from "./history.ts";
import { jsonText } from "./jsonText.ts";
import type { ActivityTask, DurableTimer, Instance, Message, RuntimeStatus, WorkItemCompleted } from "./taskHub.ts";

/** Where ids and names come from; injected, so that a simulation decides them. */
export interface WorkItemWorld {
  now(): number;
  /** 32 hex digits. */
  newId(): string;
  knows: Surroundings["knows"];
}

/** One step of an instance: the messages that had come, then as many executions as continueAsNew asks for. */
export interface WorkItem {
  instanceId: string;
  executionId: string;
  name: string;
  input: string | null;
  parent: ParentInstance | null;
  createdTime: number;
  past: HistoryEvent[];
  /** The batch, begun by OrchestratorStarted. */
  fresh: HistoryEvent[];
  taken: string[];
  activities: ActivityTask[];
  timers: DurableTimer[];
  sent: Message[];
  carriedStatus: string | null;
  keepsPast: boolean;
}

/** Those of the messages that concern no execution that is alive are to be dropped. */
export type Opened = { kind: "open"; item: WorkItem } | { kind: "dropped" };

/** Begins a step. @param inbox not empty. */
export function openWorkItem(instance: Instance | undefined, inbox: readonly Message[], world: WorkItemWorld): Opened {
  const started = inbox.findLast((message) => message.event.EventType === 0)?.event as ExecutionStarted | undefined;
  const isAlive = instance !== undefined && instance.history.length > 0 && !hasEnded(instance);
  if (!started && !isAlive) return { kind: "dropped" };
  const begun = started ? executionOf(started, instance, world) : resumed(instance as Instance);
  const due = inbox.filter(
    ({ event, executionId }) =>
      event !== started && event.EventType !== 0 && (executionId === null || executionId === begun.executionId),
  );
  if (!started && due.length === 0) return { kind: "dropped" };
  return {
    kind: "open",
    item: {
      ...begun,
      fresh: [
        { EventType: 12, ...eventFields(world.now()) },
        // A batch may be handed out again after a failed attempt: the stored events stay as they are.
        ...[...(started ? [started] : []), ...due.map((message) => message.event)].map((event) => ({ ...event })),
      ],
      taken: inbox.map((message) => message.messageId),
      activities: [],
      timers: [],
      sent: [],
      carriedStatus: null,
    },
  };
}

const hasEnded = (instance: Instance) => ["Completed", "Failed", "Terminated"].includes(instance.runtimeStatus);

function executionOf(started: ExecutionStarted, instance: Instance | undefined, world: WorkItemWorld) {
  const { InstanceId: instanceId, ExecutionId: executionId } = started.OrchestrationInstance;
  return {
    instanceId,
    executionId,
    name: started.Name,
    input: started.Input,
    parent: started.ParentInstance,
    createdTime: instance?.executionId === executionId ? instance.createdTime : world.now(),
    past: [],
    keepsPast: false,
  };
}

function resumed(instance: Instance) {
  const { instanceId, executionId, name, input, parent, createdTime, history } = instance;
  return { instanceId, executionId, name, input, parent, createdTime, past: history, keepsPast: true };
}

/** What the function's answer led to: the step is over, or the function continued as new and is to be called again. */
export type Advanced = { kind: "completed"; change: WorkItemCompleted } | { kind: "continued"; item: WorkItem };

export function advance(item: WorkItem, answer: Answer, world: WorkItemWorld): Advanced {
  const around: Surroundings = {
    instanceId: item.instanceId,
    executionId: item.executionId,
    parentInstanceId: item.parent?.OrchestrationInstance.InstanceId ?? null,
    knows: world.knows,
  };
  const result = decide({ name: item.name, past: item.past, fresh: item.fresh, answer, around });
  const fresh = item.fresh.map((event) => (event.EventType === 12 ? event : { ...event, IsPlayed: true }));
  const next: WorkItem = {
    ...item,
    fresh,
    activities: [...item.activities],
    timers: [...item.timers],
    sent: [...item.sent],
  };
  let ended: CompleteDecision | undefined;
  for (const decision of result.decisions) {
    const fields = eventFields(world.now(), decision.id);
    switch (decision.kind) {
      case "scheduleTask":
        fresh.push({
          EventType: 4,
          Name: decision.name,
          Version: "",
          Input: null,
          ParentTraceContext: null,
          ...fields,
        });
        next.activities.push({
          activityId: world.newId(),
          instanceId: item.instanceId,
          executionId: item.executionId,
          taskScheduledId: decision.id,
          name: decision.name,
          input: decision.input,
          fetchedAt: null,
        });
        break;
      case "createTimer": {
        fresh.push({ EventType: 10, FireAt: decision.fireAt, ...fields });
        const fired = { EventType: 11 as const, TimerId: decision.id, FireAt: decision.fireAt };
        next.timers.push({
          timerId: world.newId(),
          visibleAt: visibleAt(Date.parse(decision.fireAt), world.now()),
          message: messageTo(item, { ...fired, ...eventFields(world.now()) }, world),
        });
        break;
      }
      case "createSubOrchestration": {
        const { name, instanceId, input } = decision;
        const span = world.newId().slice(0, 16);
        fresh.push({
          EventType: 7,
          Name: name,
          Version: "",
          InstanceId: instanceId,
          Input: null,
          ClientSpanId: span,
          ...fields,
        });
        const parent: ParentInstance = {
          Name: item.name,
          OrchestrationInstance: { InstanceId: item.instanceId, ExecutionId: item.executionId },
          TaskScheduleId: decision.id,
          Version: "",
        };
        const event = executionStarted({ name, instanceId, input, parent, generation: null }, world);
        next.sent.push({ messageId: world.newId(), instanceId, executionId: null, event });
        break;
      }
      case "sendEvent":
        fresh.push({
          EventType: 14,
          InstanceId: decision.instanceId,
          Name: decision.name,
          Input: decision.data,
          ...fields,
        });
        break;
      case "complete":
        ended = decision;
    }
  }
  if (ended?.status === "ContinuedAsNew")
    return { kind: "continued", item: continueAsNew(next, ended, result.customStatus, world) };
  if (ended) complete(next, ended, world);
  fresh.push({ EventType: 13, ...eventFields(world.now()) });
  return { kind: "completed", change: changeOf(next, ended, result.customStatus, world) };
}

function continueAsNew(item: WorkItem, ended: CompleteDecision, status: string | null, world: WorkItemWorld): WorkItem {
  const { name, instanceId, parent } = item;
  const started = executionStarted({ name, instanceId, input: ended.result, parent, generation: null }, world);
  return {
    ...item,
    executionId: started.OrchestrationInstance.ExecutionId,
    input: ended.result,
    past: [],
    keepsPast: false,
    carriedStatus: status ?? item.carriedStatus,
    // The rest of the old batch is lost, as are events that nobody had taken.
    fresh: [{ EventType: 12, ...eventFields(world.now()) }, started, { EventType: 13, ...eventFields(world.now()) }],
  };
}

function complete(item: WorkItem, ended: CompleteDecision, world: WorkItemWorld): void {
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

function changeOf(
  item: WorkItem,
  ended: CompleteDecision | undefined,
  customStatus: string | null,
  world: WorkItemWorld,
): WorkItemCompleted {
  const { instanceId, executionId, name, input, parent, createdTime } = item;
  const { runtimeStatus, output } = ended ? endOf(ended) : stateOf([...item.past, ...item.fresh]);
  return {
    kind: "workItemCompleted",
    instance: {
      instanceId,
      executionId,
      name,
      runtimeStatus,
      input,
      output,
      customStatus: customStatus ?? item.carriedStatus,
      createdTime,
      lastUpdatedTime: world.now(),
      parent,
    },
    keep: item.keepsPast ? item.past.length : 0,
    appended: item.fresh,
    taken: item.taken,
    sent: item.sent,
    activities: item.activities,
    timers: item.timers,
  };
}

function endOf({ status, result }: CompleteDecision): { runtimeStatus: RuntimeStatus; output: string | null } {
  if (status === "Completed") return { runtimeStatus: "Completed", output: result };
  return { runtimeStatus: status as RuntimeStatus, output: result === null ? null : jsonText(result) };
}

/** While an instance is suspended the reason stands where its output will. */
function stateOf(history: HistoryEvent[]): { runtimeStatus: RuntimeStatus; output: string | null } {
  const last = history.findLast((event) => event.EventType === 19 || event.EventType === 20);
  if (last?.EventType !== 19) return { runtimeStatus: "Running", output: null };
  return { runtimeStatus: "Suspended", output: last.Reason === null ? null : jsonText(last.Reason) };
}

const messageTo = (item: WorkItem, event: Message["event"], world: WorkItemWorld): Message => ({
  messageId: world.newId(),
  instanceId: item.instanceId,
  executionId: item.executionId,
  event,
});

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
