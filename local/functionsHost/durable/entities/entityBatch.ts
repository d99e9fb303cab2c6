import { type EntityId, entityIdOf } from "./entityId.ts";
import { type EntityRequest, REQUEST_EVENT, requestOf } from "./entityMessages.ts";
import { type SchedulerState, schedulerStateOf } from "./schedulerState.ts";
import type { RpcTypedData } from "../../worker/rpc.ts";
import { typedJson, typedString } from "../../worker/typedData.ts";
import type { Instance, Message } from "../taskHub.ts";

/** The operations that wait for an entity, in the order in which they were sent, and what it is before them. */
export interface EntityBatch {
  instanceId: string;
  self: EntityId;
  /** Undefined when this is the first thing that anybody asks of it. */
  entity: Instance | undefined;
  before: SchedulerState;
  requests: EntityRequest[];
  /** The messages that the batch takes from the inbox; those that ask nothing go with them. */
  taken: string[];
}

export function openEntityBatch(instanceId: string, entity: Instance | undefined, inbox: readonly Message[]) {
  const requests = inbox.flatMap(({ event }) =>
    event.EventType === 15 && event.Name === REQUEST_EVENT ? (requestOf(event.Input) ?? []) : [],
  );
  return {
    instanceId,
    self: entityIdOf(instanceId),
    entity,
    before: schedulerStateOf(entity),
    requests,
    taken: inbox.map(({ messageId }) => messageId),
  } satisfies EntityBatch;
}

/** What an entity function is handed, as JSON text. */
export function entityPayload({ self, before, requests }: EntityBatch): string {
  const batch = requests.map(({ op, input, signal }) => ({
    name: op,
    input: input ?? null,
    isSignal: signal === true,
  }));
  return JSON.stringify({ self, exists: before.exists, state: before.state, batch });
}

/** @param bindingName of the entity trigger. */
export function entityTriggerMetadata(
  bindingName: string,
  { self, before }: EntityBatch,
  payload: string,
): Record<string, RpcTypedData> {
  return {
    [bindingName]: typedString(payload),
    self: typedJson(JSON.stringify(self)),
    exists: typedString(before.exists ? "True" : "False"),
    ...(before.state === null ? {} : { state: typedString(before.state) }),
  };
}
