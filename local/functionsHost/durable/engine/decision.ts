/** What an orchestration decided in one episode; `id` is the sequence number, the `EventId` of the event it becomes. */
export type Decision =
  | { kind: "scheduleTask"; id: number; name: string; input: string }
  | { kind: "createTimer"; id: number; fireAt: string }
  | { kind: "createSubOrchestration"; id: number; name: string; instanceId: string; input: string | null }
  | { kind: "sendEvent"; id: number; instanceId: string; name: string; data: string }
  | CompleteDecision;

export interface CompleteDecision {
  kind: "complete";
  id: number;
  status: "Completed" | "Failed" | "Terminated" | "ContinuedAsNew";
  /** JSON text when completed or continued, else plain text. */
  result: string | null;
  /** Of a failure: what the parent is told beside the result. */
  details: string | null;
}

/** The extension's own names, which its messages about non-determinism quote. */
export const decisionTypeNames: Record<Decision["kind"], string> = {
  scheduleTask: "ScheduleTaskOrchestratorAction",
  createTimer: "CreateTimerOrchestratorAction",
  createSubOrchestration: "CreateSubOrchestrationAction",
  sendEvent: "SendEventOrchestratorAction",
  complete: "OrchestrationCompleteOrchestratorAction",
};
