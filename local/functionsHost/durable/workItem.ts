import type { Surroundings } from "./engine/actions.ts";
import { eventFields, type ExecutionStarted, type HistoryEvent, type ParentInstance } from "./history.ts";
import { type ActivityTask, type DurableTimer, type Instance, isOver, type Message } from "./taskHub.ts";

/** Where ids and names come from; injected, so that a simulation decides them. */
export interface WorkItemWorld {
  now: () => number;
  /** 32 hex digits. */
  newId: () => string;
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
  const isAlive = instance !== undefined && instance.history.length > 0 && !isOver(instance.runtimeStatus);
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
