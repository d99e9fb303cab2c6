import type { CompleteDecision } from "./engine/decision.ts";
import type { HistoryEvent } from "./history.ts";
import { jsonText } from "./jsonText.ts";
import type { RuntimeStatus, WorkItemCompleted } from "./taskHub.ts";
import type { WorkItem, WorkItemWorld } from "./workItem.ts";

/** What a finished step changes in the hub. @param ended when it ended the execution. */
export function changeOf(
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
