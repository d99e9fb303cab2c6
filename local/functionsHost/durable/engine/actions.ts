import { jsonText, jsonTextOrNull } from "../jsonText.ts";
import type { Action } from "./answer.ts";
import { Completion, whenAll, whenAny } from "./completion.ts";
import { callEntity, signalEntity } from "./entityActions.ts";
import type { OrchestrationContext } from "./orchestrationContext.ts";
import { runWithRetry } from "./retry.ts";
import { createTimer } from "./timers.ts";

/** By which the extension sends the request of a `callHttp`; no app has it. */
export const HTTP_ACTIVITY = "BuiltIn::HttpActivity";

/** What the engine must know of the world around an execution. */
export interface Surroundings {
  instanceId: string;
  executionId: string;
  parentInstanceId: string | null;
  /** Whether the app has such a function; an action that names an unknown one is never carried out. */
  knows: (kind: "activity" | "orchestrator" | "entity", name: string) => boolean;
}

/** Carries out one action of the function's answer. Throws what fails the whole orchestration. */
export function invokeAction(context: OrchestrationContext, around: Surroundings, action: Action): Completion {
  switch (action.actionType) {
    case 0:
      return callActivity(context, around, action.functionName, action.input);
    case 1:
      if (!around.knows("activity", action.functionName)) return Completion.of("failed");
      return runWithRetry(context, action.retryOptions, () =>
        callActivity(context, around, action.functionName, action.input),
      );
    case 2:
      return callSubOrchestrator(context, around, action);
    case 3:
      if (!mayStart(around, action)) return Completion.of("failed");
      return runWithRetry(context, action.retryOptions, () => callSubOrchestrator(context, around, action));
    case 4:
      context.continueAsNew(jsonTextOrNull(action.input));
      return Completion.of("succeeded");
    case 5:
      return createTimer(context, Date.parse(action.fireAt), action.isCanceled);
    case 6:
      return context.waitForEvent(action.externalEventName);
    case 11:
      return whenAny(action.compoundActions.map((inner) => invokeAction(context, around, inner)));
    case 12:
      return whenAll(action.compoundActions.map((inner) => invokeAction(context, around, inner)));
    case 7:
      return callEntity(context, around, action);
    case 8:
      return context.schedule({ kind: "scheduleTask", name: HTTP_ACTIVITY, input: jsonText(action.httpRequest) });
    case 9:
      return signalEntity(context, around, action);
    default:
      throw new Error(
        `Received an unexpected action type from the out-of-proc function: '$${String((action as { actionType: unknown }).actionType)}'.`,
      );
  }
}

function callActivity(context: OrchestrationContext, around: Surroundings, name: string, input: unknown): Completion {
  if (!around.knows("activity", name)) return Completion.of("failed");
  return context.schedule({ kind: "scheduleTask", name, input: jsonText(input) });
}

interface SubOrchestration {
  functionName: string;
  instanceId?: string;
  input?: unknown;
}

function callSubOrchestrator(context: OrchestrationContext, around: Surroundings, child: SubOrchestration): Completion {
  if (!mayStart(around, child)) return Completion.of("failed");
  const { functionName: name, instanceId } = child;
  return context.schedule({ kind: "createSubOrchestration", name, instanceId, input: jsonTextOrNull(child.input) });
}

/** What the extension refuses, nobody is told: the library waits for ever. */
function mayStart(around: Surroundings, child: SubOrchestration): boolean {
  const id = child.instanceId?.toLowerCase();
  const isOwn = id === around.instanceId.toLowerCase() || id === around.parentInstanceId?.toLowerCase();
  return around.knows("orchestrator", child.functionName) && !(id !== undefined && isOwn) && !id?.startsWith("@");
}
