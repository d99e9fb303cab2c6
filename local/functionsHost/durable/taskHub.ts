import type { DeliveredEvent, HistoryEvent, ParentInstance } from "./history.ts";

export type RuntimeStatus = "Pending" | "Running" | "Suspended" | "Completed" | "Failed" | "Terminated";

/** An orchestration instance: its last execution. Times are milliseconds since 1970. */
export interface Instance {
  instanceId: string;
  executionId: string;
  name: string;
  runtimeStatus: RuntimeStatus;
  /** JSON text. */
  input: string | null;
  /** JSON text, of a failure or termination as well. */
  output: string | null;
  /** JSON text. */
  customStatus: string | null;
  createdTime: number;
  lastUpdatedTime: number;
  parent: ParentInstance | null;
  history: HistoryEvent[];
}

/** An event on its way to an instance. */
export interface Message {
  messageId: string;
  instanceId: string;
  /** Null: for whatever execution runs when it arrives. */
  executionId: string | null;
  event: DeliveredEvent;
}

/** An activity that was scheduled and has no result yet. */
export interface ActivityTask {
  activityId: string;
  instanceId: string;
  executionId: string;
  taskScheduledId: number;
  name: string;
  /** JSON text. */
  input: string;
  /** When it was last given to the app; until it has answered, others leave it alone for a while. */
  fetchedAt: number | null;
}

/** A timer whose message is hidden until `visibleAt`, milliseconds since 1970. */
export interface DurableTimer {
  timerId: string;
  visibleAt: number;
  message: Message;
}

/** Everything durable, as plain data; only `applyChange` alters it. */
export interface TaskHub {
  instances: Map<string, Instance>;
  inboxes: Map<string, Message[]>;
  activities: Map<string, ActivityTask>;
  timers: Map<string, DurableTimer>;
}

/** What one step of an orchestration leaves behind; all of it happens or nothing. */
export interface WorkItemCompleted {
  kind: "workItemCompleted";
  /** Without its history. */
  instance: Omit<Instance, "history">;
  /** How many events of the history so far stay; the rest is `appended`. */
  keep: number;
  appended: HistoryEvent[];
  /** The messages that the step took from the inbox. */
  taken: string[];
  sent: Message[];
  activities: ActivityTask[];
  timers: DurableTimer[];
}

/** The journal's records. */
export type HubChange =
  | { kind: "instanceCreated"; instance: Instance; message: Message }
  | { kind: "messageSent"; message: Message }
  | { kind: "messagesDropped"; instanceId: string; messageIds: string[] }
  | WorkItemCompleted
  | { kind: "activityFetched"; activityId: string; at: number }
  | { kind: "activityCompleted"; activityId: string; message: Message }
  | { kind: "timerFired"; timerId: string }
  | { kind: "instancesPurged"; instanceIds: string[] }
  /** The instances whole, and the messages that set them going. */
  | { kind: "instancesRewound"; instances: Instance[]; messages: Message[] }
  | { kind: "hubCleared" }
  /** Of a compacted journal: things as they stood. */
  | { kind: "instanceStored"; instance: Instance }
  | { kind: "inboxStored"; messages: Message[] }
  | { kind: "activityStored"; activity: ActivityTask }
  | { kind: "timerStored"; timer: DurableTimer };

export const emptyTaskHub = (): TaskHub => ({
  instances: new Map(),
  inboxes: new Map(),
  activities: new Map(),
  timers: new Map(),
});

export function applyChange(hub: TaskHub, change: HubChange): void {
  switch (change.kind) {
    case "instanceCreated":
      hub.instances.set(change.instance.instanceId, change.instance);
      return deliver(hub, change.message);
    case "messageSent":
      return deliver(hub, change.message);
    case "messagesDropped":
      return take(hub, change.instanceId, change.messageIds);
    case "workItemCompleted":
      return applyWorkItem(hub, change);
    case "activityFetched": {
      const activity = hub.activities.get(change.activityId);
      if (activity) activity.fetchedAt = change.at;
      return;
    }
    case "activityCompleted":
      if (hub.activities.delete(change.activityId)) deliver(hub, change.message);
      return;
    case "timerFired": {
      const timer = hub.timers.get(change.timerId);
      hub.timers.delete(change.timerId);
      if (timer) deliver(hub, timer.message);
      return;
    }
    case "instancesPurged":
      for (const id of change.instanceIds) {
        hub.instances.delete(id);
        hub.inboxes.delete(id);
      }
      return;
    case "instancesRewound":
      for (const instance of change.instances) hub.instances.set(instance.instanceId, instance);
      for (const message of change.messages) deliver(hub, message);
      return;
    case "hubCleared":
      for (const part of Object.values(hub) as Map<string, unknown>[]) part.clear();
      return;
    case "instanceStored":
      hub.instances.set(change.instance.instanceId, change.instance);
      return;
    case "inboxStored":
      for (const message of change.messages) deliver(hub, message);
      return;
    case "activityStored":
      hub.activities.set(change.activity.activityId, change.activity);
      return;
    case "timerStored":
      hub.timers.set(change.timer.timerId, change.timer);
      return;
  }
}

function applyWorkItem(hub: TaskHub, change: WorkItemCompleted): void {
  const { instanceId } = change.instance;
  const before = hub.instances.get(instanceId)?.history ?? [];
  hub.instances.set(instanceId, {
    ...change.instance,
    history: [...before.slice(0, change.keep), ...change.appended],
  });
  take(hub, instanceId, change.taken);
  for (const message of change.sent) deliver(hub, message);
  for (const activity of change.activities) hub.activities.set(activity.activityId, activity);
  for (const timer of change.timers) hub.timers.set(timer.timerId, timer);
}

function deliver(hub: TaskHub, message: Message): void {
  const inbox = hub.inboxes.get(message.instanceId);
  if (inbox) inbox.push(message);
  else hub.inboxes.set(message.instanceId, [message]);
}

function take(hub: TaskHub, instanceId: string, messageIds: string[]): void {
  const taken = new Set(messageIds);
  const left = (hub.inboxes.get(instanceId) ?? []).filter((message) => !taken.has(message.messageId));
  if (left.length > 0) hub.inboxes.set(instanceId, left);
  else hub.inboxes.delete(instanceId);
}

/** The changes that make a hub like this one out of an empty one. */
export function* snapshotOf(hub: TaskHub): Generator<HubChange> {
  for (const instance of hub.instances.values()) yield { kind: "instanceStored", instance };
  for (const messages of hub.inboxes.values()) yield { kind: "inboxStored", messages };
  for (const activity of hub.activities.values()) yield { kind: "activityStored", activity };
  for (const timer of hub.timers.values()) yield { kind: "timerStored", timer };
}

export const isOver = (status: RuntimeStatus): boolean =>
  status === "Completed" || status === "Failed" || status === "Terminated";
