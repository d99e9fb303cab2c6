import { eventFields } from "../history.ts";
import type { Message, WorkItemCompleted } from "../taskHub.ts";
import type { WorkItemWorld } from "../workItem.ts";
import type { EntityBatch } from "./entityBatch.ts";
import { instanceIdOf } from "./entityId.ts";
import { type EntityRequest, guidOf, REQUEST_EVENT, requestText, responseText, signal } from "./entityMessages.ts";
import { entityStatus, schedulerInput } from "./schedulerState.ts";

/** What the library's entity function answers. */
export interface EntityAnswer {
  results: { isError: boolean; result?: string }[];
  signals: { target: { name: string; key: string }; name: string; input?: string }[];
  entityExists: boolean;
  entityState?: string | null;
}

/** What a batch changes in the hub: the state, the answers and the signals, all of it or nothing. */
export function entityChange(batch: EntityBatch, answer: EntityAnswer, world: WorkItemWorld): WorkItemCompleted {
  const { instanceId, entity } = batch;
  const after = { exists: answer.entityExists, state: answer.entityState ?? null };
  const now = world.now();
  return {
    kind: "workItemCompleted",
    instance: {
      instanceId,
      // Every batch is an execution of its own, begun by a continueAsNew.
      executionId: world.newId(),
      name: instanceId,
      runtimeStatus: "Running",
      input: schedulerInput(after),
      output: null,
      customStatus: entityStatus(after),
      createdTime: entity?.createdTime ?? now,
      lastUpdatedTime: now,
      parent: null,
    },
    keep: 0,
    appended: [],
    taken: batch.taken,
    sent: [...answersOf(batch.requests, answer, world), ...signalsOf(instanceId, answer, world)],
    activities: [],
    timers: [],
  };
}

function answersOf(requests: EntityRequest[], { results }: EntityAnswer, world: WorkItemWorld): Message[] {
  return requests.flatMap(({ id, parent, parentExecution }, at) => {
    const answered = results[at];
    if (requests[at]?.signal || parent === undefined || !answered) return [];
    // Of an error nothing is left but that it was one.
    const response = {
      result: answered.result ?? null,
      ...(answered.isError ? { exceptionType: "Error" as const } : {}),
    };
    return raised(parent, parentExecution ?? null, id, responseText(response), world);
  });
}

function signalsOf(sender: string, { signals }: EntityAnswer, world: WorkItemWorld): Message[] {
  return signals.map(({ target, name, input }) => {
    const request = signal(name, guidOf(world.newId()), input || undefined, sender);
    return raised(instanceIdOf(target), null, REQUEST_EVENT, requestText(request), world);
  });
}

/** The message of an event. @param executionId null for whichever runs. @param input JSON text. */
export function raised(
  instanceId: string,
  executionId: string | null,
  name: string,
  input: string,
  world: Pick<WorkItemWorld, "now" | "newId">,
): Message {
  const event = { EventType: 15 as const, Name: name, Input: input, ParentTraceContext: null };
  return { messageId: world.newId(), instanceId, executionId, event: { ...event, ...eventFields(world.now()) } };
}
