import type { Surroundings } from "./engine/actions.ts";
import type { Answer } from "./engine/answer.ts";
import type { CompleteDecision } from "./engine/decision.ts";
import { decide } from "./engine/episode.ts";
import { executionStarted } from "./executionStarted.ts";
import { eventFields } from "./history.ts";
import { recordDecision } from "./recordDecision.ts";
import type { WorkItemCompleted } from "./taskHub.ts";
import type { WorkItem, WorkItemWorld } from "./workItem.ts";
import { changeOf } from "./workItemChange.ts";

/** What the function's answer led to: the step is over, or the function continued as new and is to be called again. */
export type Advanced = { kind: "completed"; change: WorkItemCompleted } | { kind: "continued"; item: WorkItem };

/** @param answer of the function that was shown the item. */
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
  for (const decision of result.decisions) {
    if (decision.kind === "complete" && decision.status === "ContinuedAsNew") {
      return { kind: "continued", item: continueAsNew(next, decision, result.customStatus, world) };
    }
    recordDecision(next, decision, world);
  }
  fresh.push({ EventType: 13, ...eventFields(world.now()) });
  const ended = result.decisions.find((decision) => decision.kind === "complete");
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
