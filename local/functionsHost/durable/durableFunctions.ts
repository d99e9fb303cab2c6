import { rpcExceptionOf } from "../worker/errors.ts";
import type { CallFunction } from "../callFunction.ts";
import { jsonTextOfTypedData, typedString } from "../worker/typedData.ts";
import { activityInputData, activityTriggerMetadata } from "./activityInput.ts";
import type { ActivityResult, DurableFunctions } from "./dispatcher.ts";
import { HTTP_ACTIVITY } from "./engine/actions.ts";
import { type Answer, answerOfError, answerOfReturn } from "./engine/answer.ts";
import { type EntityBatch, entityPayload, entityTriggerMetadata } from "./entities/entityBatch.ts";
import type { EntityAnswer } from "./entities/entityChange.ts";
import { activityFailure, HOST_STACK } from "./failure.ts";
import { jsonText } from "./jsonText.ts";
import { orchestratorPayload, orchestratorTriggerMetadata } from "./orchestratorPayload.ts";
import type { FunctionRegistry } from "../functionRegistry.ts";
import type { ActivityTask } from "./taskHub.ts";
import type { WorkItem } from "./workItem.ts";

/** The Durable functions of an app, called through the worker. */
export function durableFunctionsOf(registry: FunctionRegistry, call: CallFunction): DurableFunctions {
  return {
    callEntity: (batch) => callEntity(registry, call, batch),
    callOrchestrator: (item) => callOrchestrator(registry, call, item),
    callActivity: (activity) => callActivity(registry, call, activity),
  };
}

async function callOrchestrator(registry: FunctionRegistry, call: CallFunction, item: WorkItem): Promise<Answer> {
  const found = registry.find("orchestrationTrigger", item.name);
  if (!found) throw new Error(`the app has no orchestrator function '${item.name}'`);
  const payload = orchestratorPayload(item);
  const binding = found.trigger.name;
  const invoked = await call({
    functionId: found.id,
    inputData: [{ name: binding, data: typedString(payload) }, ...registry.extraInputs(found)],
    triggerMetadata: orchestratorTriggerMetadata(binding, item, payload),
  });
  // The stack that the extension quotes is its own, not the app's.
  if (invoked.kind === "failed") return answerOfError({ message: invoked.error.message, stack: HOST_STACK });
  const text = jsonTextOfTypedData(invoked.response.returnValue);
  return answerOfReturn(text === null ? null : JSON.parse(text));
}

/** What every `callHttp` is answered with. */
const HTTP_NOT_SUPPORTED = {
  statusCode: 501,
  headers: { "Content-Type": "text/plain" },
  content: "This host does not support callHttp: let an activity send the request.",
};

/** The library catches what an operation throws; a function that fails as a whole is tried again by the next host. */
async function callEntity(registry: FunctionRegistry, call: CallFunction, batch: EntityBatch): Promise<EntityAnswer> {
  const found = registry.find("entityTrigger", batch.self.name);
  if (!found) throw new Error(`the app has no entity function '${batch.self.name}'`);
  const payload = entityPayload(batch);
  const binding = found.trigger.name;
  const invoked = await call({
    functionId: found.id,
    inputData: [{ name: binding, data: typedString(payload) }, ...registry.extraInputs(found)],
    triggerMetadata: entityTriggerMetadata(binding, batch, payload),
  });
  if (invoked.kind === "failed") throw new Error(invoked.error.message);
  const text = jsonTextOfTypedData(invoked.response.returnValue);
  if (text === null) throw new Error(`the entity function '${batch.self.name}' returned nothing`);
  return JSON.parse(text) as EntityAnswer;
}

async function callActivity(
  registry: FunctionRegistry,
  call: CallFunction,
  activity: ActivityTask,
): Promise<ActivityResult> {
  if (activity.name === HTTP_ACTIVITY) return { Result: jsonText(HTTP_NOT_SUPPORTED) };
  const found = registry.find("activityTrigger", activity.name);
  if (!found) {
    return activityFailure(activity.name, rpcExceptionOf(new Error(registry.invalidName("activity", activity.name))));
  }
  const binding = found.trigger.name;
  const invoked = await call({
    functionId: found.id,
    inputData: [{ name: binding, data: activityInputData(activity.input) }, ...registry.extraInputs(found)],
    triggerMetadata: activityTriggerMetadata(binding, activity.instanceId, activity.input),
  });
  if (invoked.kind === "failed") return activityFailure(activity.name, invoked.error);
  const text = jsonTextOfTypedData(invoked.response.returnValue);
  return { Result: text === null ? null : normalised(text) };
}

/** Beyond 2^53 a parse and a print would change the number. */
const normalised = (text: string) => (/^-?\d+$/.test(text) ? text : jsonText(JSON.parse(text)));
