import type { HistoryEvent } from "../history.ts";
import type { Instance } from "../taskHub.ts";

export interface StatusOptions {
  showInput: boolean;
  showHistory: boolean;
  showHistoryOutput: boolean;
}

/** An instance as status queries show it. Throws as the extension does where two events share a number. */
export function statusOf(instance: Instance, options: StatusOptions): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.runtimeStatus,
    input: options.showInput ? parsed(instance.input) : null,
    customStatus: parsed(instance.customStatus),
    output: parsed(instance.output),
    createdTime: wholeSeconds(instance.createdTime),
    lastUpdatedTime: wholeSeconds(instance.lastUpdatedTime),
    ...(options.showHistory ? { historyEvents: historyOf(instance.history, options) } : {}),
  };
}

const EVENT_NAMES: Record<HistoryEvent["EventType"], string> = {
  0: "ExecutionStarted",
  1: "ExecutionCompleted",
  3: "ExecutionTerminated",
  4: "TaskScheduled",
  5: "TaskCompleted",
  6: "TaskFailed",
  7: "SubOrchestrationInstanceCreated",
  8: "SubOrchestrationInstanceCompleted",
  9: "SubOrchestrationInstanceFailed",
  10: "TimerCreated",
  11: "TimerFired",
  12: "OrchestratorStarted",
  13: "OrchestratorCompleted",
  14: "EventSent",
  15: "EventRaised",
  17: "GenericEvent",
  19: "ExecutionSuspended",
  20: "ExecutionResumed",
};

/** Names instead of numbers, no ids; what was scheduled is folded into its completion. */
function historyOf(history: HistoryEvent[], { showInput, showHistoryOutput }: StatusOptions): object[] {
  const open = new Map<string, Shown>();
  const shown: Shown[] = [];
  for (const event of history) {
    if (event.EventType === 12 || event.EventType === 13) continue;
    const entry = present(event, showInput, showHistoryOutput);
    shown.push(entry);
    if (event.EventType === 4 || event.EventType === 7) {
      const key = `${entry.EventType}_${event.EventId}`;
      if (open.has(key)) throw new Error(`An item with the same key has already been added. Key: ${key}`);
      open.set(key, entry);
    }
    const scheduled = scheduledBy(event);
    const begin = scheduled === undefined ? undefined : open.get(scheduled);
    if (begin) {
      entry["ScheduledTime"] = begin["Timestamp"];
      entry["FunctionName"] = begin["Name"];
      if (showInput) entry["Input"] = null;
      shown.splice(shown.indexOf(begin), 1);
    }
  }
  return shown;
}

type Shown = { EventType: string; [field: string]: unknown };

function scheduledBy(event: HistoryEvent): string | undefined {
  if (event.EventType === 5 || event.EventType === 6) return `TaskScheduled_${event.TaskScheduledId}`;
  if (event.EventType === 8 || event.EventType === 9) {
    return `SubOrchestrationInstanceCreated_${event.TaskScheduledId}`;
  }
  return undefined;
}

const HIDDEN = ["EventId", "IsPlayed", "TaskScheduledId", "TimerId", "OrchestrationInstance", "ParentInstance"];
const HIDDEN_AT_START = ["Version", "Tags"];
const HIDDEN_WHEN_SCHEDULED = ["Version", "ClientSpanId"];

function present(event: HistoryEvent, showInput: boolean, showOutput: boolean): Shown {
  const isScheduling = event.EventType === 4 || event.EventType === 7;
  const hidden = new Set([
    ...HIDDEN,
    ...(event.EventType === 0 ? HIDDEN_AT_START : []),
    ...(isScheduling ? HIDDEN_WHEN_SCHEDULED : []),
  ]);
  const { EventType, ...fields } = event;
  const entry: Shown = { EventType: EVENT_NAMES[EventType] };
  for (const [key, value] of Object.entries(fields)) {
    if (hidden.has(key)) continue;
    if (key === "Result") {
      if (showOutput) entry[key] = resultOf(event, value as string | null);
    } else if (key === "Input" && !showInput && (event.EventType === 0 || isScheduling)) continue;
    else if (key === "Name" && event.EventType === 0) entry["FunctionName"] = value;
    else entry[key] = value;
  }
  return entry;
}

/** Of what failed or was terminated it is plain text. */
function resultOf(event: HistoryEvent, result: string | null): unknown {
  if (result === null || (event.EventType === 1 && event.OrchestrationStatus !== "Completed")) return result;
  return JSON.parse(result);
}

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

const wholeSeconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
