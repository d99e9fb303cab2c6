/** What the library's orchestrator answered, as schema version 2 of the out-of-process protocol has it. */
export interface OrchestratorState {
  isDone: boolean;
  /** One inner list: every action since the start. */
  actions: Action[][];
  output?: unknown;
  error?: string;
  customStatus?: unknown;
  schemaVersion?: number;
}

export interface RetryOptions {
  firstRetryIntervalInMilliseconds: number;
  maxNumberOfAttempts: number;
  backoffCoefficient?: number;
  maxRetryIntervalInMilliseconds?: number;
  retryTimeoutInMilliseconds?: number;
}

export type Action =
  | { actionType: 0; functionName: string; input?: unknown }
  | { actionType: 1; functionName: string; input?: unknown; retryOptions: RetryOptions }
  | { actionType: 2; functionName: string; input?: unknown; instanceId?: string }
  | { actionType: 3; functionName: string; input?: unknown; instanceId?: string; retryOptions: RetryOptions }
  | { actionType: 4; input?: unknown }
  | { actionType: 5; fireAt: string; isCanceled: boolean }
  | { actionType: 6; externalEventName: string }
  | { actionType: 7; instanceId: string; operation: string; input?: unknown }
  | { actionType: 8; httpRequest: unknown }
  | { actionType: 9; instanceId: string; operation: string; input?: unknown }
  | { actionType: 11 | 12; compoundActions: Action[] };

/** What an orchestrator function's invocation came to. */
export type Answer =
  | { kind: "state"; state: OrchestratorState; stack: string }
  | { kind: "nothing" }
  | { kind: "exception"; message: string; stack: string };

/** Between this and `\nStack:` the library hides its answer when it throws. */
const OUT_OF_PROC_DATA = "\n\n$OutOfProcData$:";

/** The answer inside what an orchestrator function threw. */
export function answerOfError(error: { message: string; stack: string }): Answer {
  const at = error.message.indexOf(OUT_OF_PROC_DATA);
  if (at < 0) return { kind: "exception", message: error.message, stack: error.stack };
  const state = JSON.parse(error.message.slice(at + OUT_OF_PROC_DATA.length)) as OrchestratorState;
  return { kind: "state", state, stack: error.stack };
}

/** The answer in what an orchestrator function returned. */
export function answerOfReturn(returned: unknown): Answer {
  if (returned === null || returned === undefined) return { kind: "nothing" };
  if (typeof returned !== "object") {
    const message = "The data returned by the out-of-process function execution was not valid json.";
    return { kind: "exception", message, stack: "" };
  }
  return { kind: "state", state: returned as OrchestratorState, stack: "" };
}
