import type { HistoryEvent } from "../durable/history.ts";
import type { HubChange, TaskHub } from "../durable/taskHub.ts";

/** How long a history has become: in events, and in bytes as a list of JSON. */
export interface HistorySize {
  /** Of the orchestration or entity. */
  name: string;
  events: number;
  bytes: number;
}

/**
 * The most that each instance's history has ever had, by instance id: what starts anew, is purged or is replaced leaves
 * nothing of it in the hub.
 */
export function historySizes(): {
  sizes: ReadonlyMap<string, HistorySize>;
  look: (change: HubChange, hub: Readonly<TaskHub>) => void;
} {
  const sizes = new Map<string, HistorySize>();
  const bytesOfEvent = new WeakMap<HistoryEvent, number>();

  function bytesOf(event: HistoryEvent): number {
    const known = bytesOfEvent.get(event) ?? Buffer.byteLength(JSON.stringify(event));
    bytesOfEvent.set(event, known);
    return known;
  }

  return {
    sizes,
    look(change, hub) {
      if (change.kind !== "workItemCompleted") return;
      const { instanceId, name, input } = change.instance;
      const history = hub.instances.get(instanceId)?.history ?? [];
      // An entity's is the one event that it begins with after each batch: its state.
      const state = history.length === 0 ? Buffer.byteLength(input ?? "") : 0;
      const bytes = history.reduce((sum, event) => sum + bytesOf(event) + ",".length, "[".length + state);
      const before = sizes.get(instanceId);
      sizes.set(instanceId, {
        name,
        events: Math.max(history.length, before?.events ?? 0),
        bytes: Math.max(bytes, before?.bytes ?? 0),
      });
    },
  };
}
