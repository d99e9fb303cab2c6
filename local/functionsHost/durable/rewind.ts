import type { GenericEvent, HistoryEvent } from "./history.ts";
import type { Instance, TaskHub } from "./taskHub.ts";

/** A failed instance as it stands when its failures are forgotten, those of its children among them. */
export interface Rewound {
  instances: Instance[];
  /** Those that failed by themselves: what they hear from sets everything going again. */
  leaves: string[];
}

/**
 * Forgets what failed: the failed events and the activities that led to them become events that a replay passes over,
 * so that those activities are scheduled once more, under their old numbers.
 */
export function rewind(hub: TaskHub, instance: Instance): Rewound {
  const failedTasks = numbersOf(instance.history, 6);
  const failedChildren = numbersOf(instance.history, 9);
  const history = instance.history.map((event) => (isForgotten(event, failedTasks) ? forgotten(event) : event));
  const children = instance.history.flatMap((event) => {
    if (event.EventType !== 7 || !failedChildren.has(event.EventId)) return [];
    const child = hub.instances.get(event.InstanceId);
    return child ? [rewind(hub, child)] : [];
  });
  const own = { ...instance, runtimeStatus: "Pending" as const, output: null, history };
  return {
    instances: [own, ...children.flatMap(({ instances }) => instances)],
    leaves: failedChildren.size > 0 ? children.flatMap(({ leaves }) => leaves) : [instance.instanceId],
  };
}

const numbersOf = (history: HistoryEvent[], type: 6 | 9): Set<number> =>
  new Set(history.flatMap((event) => (event.EventType === type ? event.TaskScheduledId : [])));

function isForgotten(event: HistoryEvent, failedTasks: Set<number>): boolean {
  switch (event.EventType) {
    case 1:
      return event.OrchestrationStatus === "Failed";
    case 4:
      return failedTasks.has(event.EventId);
    default:
      return event.EventType === 6 || event.EventType === 9;
  }
}

const forgotten = ({ EventId, IsPlayed, Timestamp }: HistoryEvent): GenericEvent => ({
  Data: null,
  EventType: 17,
  EventId,
  IsPlayed,
  Timestamp,
});
