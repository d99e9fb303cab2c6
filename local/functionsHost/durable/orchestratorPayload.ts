import { typedInt, typedJson, typedString } from "../worker/typedData.ts";
import type { RpcTypedData } from "../worker/rpc.ts";
import type { WorkItem } from "./workItem.ts";

const CONSTANTS = {
  upperSchemaVersion: 1,
  upperSchemaVersionNew: 2,
  longRunningTimerIntervalDuration: "3.00:00:00",
  maximumShortTimerDuration: "6.00:00:00",
  defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
};

/** What an orchestrator function is handed, as JSON text. */
export function orchestratorPayload(item: WorkItem): string {
  return JSON.stringify({
    history: [...item.past, ...item.fresh],
    input: inputOf(item),
    instanceId: item.instanceId,
    isReplaying: isReplaying(item),
    parentInstanceId: parentOf(item),
    ...CONSTANTS,
  });
}

/** @param bindingName of the orchestration trigger. */
export function orchestratorTriggerMetadata(
  bindingName: string,
  item: WorkItem,
  payload: string,
): Record<string, RpcTypedData> {
  const parent = parentOf(item);
  const input = inputOf(item);
  return {
    [bindingName]: typedString(payload),
    ...(input === null ? {} : { input: typedJson(JSON.stringify(input)) }),
    instanceId: typedString(item.instanceId),
    isReplaying: typedString(isReplaying(item) ? "True" : "False"),
    ...(parent === null ? {} : { parentInstanceId: typedString(parent) }),
    upperSchemaVersion: typedInt(CONSTANTS.upperSchemaVersion),
    upperSchemaVersionNew: typedInt(CONSTANTS.upperSchemaVersionNew),
    longRunningTimerIntervalDuration: typedString(CONSTANTS.longRunningTimerIntervalDuration),
    maximumShortTimerDuration: typedString(CONSTANTS.maximumShortTimerDuration),
    defaultHttpAsyncRequestSleepTimeMillseconds: typedInt(CONSTANTS.defaultHttpAsyncRequestSleepTimeMillseconds),
  };
}

/** Whether the execution began in an earlier batch. */
const isReplaying = (item: WorkItem) => item.past.length > 0;

const inputOf = (item: WorkItem) => (item.input === null ? null : (JSON.parse(item.input) as unknown));

const parentOf = (item: WorkItem) => item.parent?.OrchestrationInstance.InstanceId ?? null;
