import { entityIdOf, instanceIdOf } from "../entities/entityId.ts";
import { REQUEST_EVENT } from "../entities/entityMessages.ts";
import { jsonTextOrNull } from "../jsonText.ts";
import type { Surroundings } from "./actions.ts";
import { Completion } from "./completion.ts";
import type { OrchestrationContext } from "./orchestrationContext.ts";

export interface EntityAction {
  /** Such as `@counter@one`. */
  instanceId: string;
  operation: string;
  input?: unknown;
}

/** Asks an entity and waits for its answer. An unknown one is never asked, and nobody is told. */
export function callEntity(context: OrchestrationContext, around: Surroundings, action: EntityAction): Completion {
  const { name } = entityIdOf(action.instanceId);
  if (!around.knows("entity", name)) return Completion.of("failed");
  return context.waitForEvent(send(context, action, false));
}

/** Tells an entity. Throws when the app has none of that name. */
export function signalEntity(context: OrchestrationContext, around: Surroundings, action: EntityAction): Completion {
  const { name } = entityIdOf(action.instanceId);
  if (!around.knows("entity", name)) {
    throw new Error(`The function '${name}' doesn't exist, is disabled, or is not an entity function.`);
  }
  send(context, action, true);
  return Completion.of("succeeded");
}

/** @returns the name of the event that answers. */
function send(context: OrchestrationContext, action: EntityAction, isSignal: boolean): string {
  const instanceId = instanceIdOf(entityIdOf(action.instanceId));
  const request = { op: action.operation, input: jsonTextOrNull(action.input), isSignal };
  const { answerName, message } = context.entityRequests.next(instanceId, request, context.now);
  context.sendEvent(instanceId, REQUEST_EVENT, message);
  return answerName;
}
