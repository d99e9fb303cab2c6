/** History events as the extension writes them: field names and values are those of the orchestration trigger's payload. */
interface EventFields {
  EventId: number;
  IsPlayed: boolean;
  /** UTC, ISO 8601. */
  Timestamp: string;
}

export interface OrchestrationInstanceId {
  InstanceId: string;
  ExecutionId: string | null;
}

export interface ParentInstance {
  Name: string;
  OrchestrationInstance: OrchestrationInstanceId;
  TaskScheduleId: number;
  Version: string;
}

export interface ExecutionStarted extends EventFields {
  EventType: 0;
  OrchestrationInstance: { InstanceId: string; ExecutionId: string };
  ParentInstance: ParentInstance | null;
  Name: string;
  Version: "";
  /** JSON text. */
  Input: string | null;
  Tags: null;
  Correlation: null;
  ParentTraceContext: null;
  ScheduledStartTime: null;
  Generation: number | null;
}

/** Never part of a payload: the execution is over when it is written. */
export interface ExecutionCompleted extends EventFields {
  EventType: 1;
  OrchestrationStatus: "Completed" | "Failed" | "Terminated";
  Result: string | null;
  FailureDetails: null;
}

export interface ExecutionTerminated extends EventFields {
  EventType: 3;
  Input: string | null;
}

export interface TaskScheduled extends EventFields {
  EventType: 4;
  Name: string;
  Version: "";
  Input: null;
  ParentTraceContext: null;
}

export interface TaskCompleted extends EventFields {
  EventType: 5;
  TaskScheduledId: number;
  /** JSON text. */
  Result: string | null;
}

export interface TaskFailed extends EventFields {
  EventType: 6;
  TaskScheduledId: number;
  Reason: string;
  Details: string;
  FailureDetails: null;
}

export interface SubOrchestrationInstanceCreated extends EventFields {
  EventType: 7;
  Name: string;
  Version: "";
  InstanceId: string;
  Input: null;
  ClientSpanId: string | null;
}

export interface SubOrchestrationInstanceCompleted extends EventFields {
  EventType: 8;
  TaskScheduledId: number;
  Result: string | null;
}

export interface SubOrchestrationInstanceFailed extends EventFields {
  EventType: 9;
  TaskScheduledId: number;
  Reason: string;
  Details: string | null;
  FailureDetails: null;
}

export interface TimerCreated extends EventFields {
  EventType: 10;
  FireAt: string;
}

export interface TimerFired extends EventFields {
  EventType: 11;
  TimerId: number;
  FireAt: string;
}

export interface OrchestratorStarted extends EventFields {
  EventType: 12;
}

export interface OrchestratorCompleted extends EventFields {
  EventType: 13;
}

export interface EventSent extends EventFields {
  EventType: 14;
  InstanceId: string;
  Name: string;
  Input: string;
}

export interface EventRaised extends EventFields {
  EventType: 15;
  Name: string;
  /** JSON text. */
  Input: string | null;
  ParentTraceContext: null;
}

/** What a rewind leaves of the failed events, and, with its reason, the event that sets an instance going again. */
export interface GenericEvent extends EventFields {
  EventType: 17;
  Data: string | null;
}

export interface ExecutionSuspended extends EventFields {
  EventType: 19;
  Reason: string | null;
}

export interface ExecutionResumed extends EventFields {
  EventType: 20;
  Reason: string | null;
}

/** Events that reach an instance from outside, by a message. */
export type DeliveredEvent =
  | ExecutionStarted
  | ExecutionTerminated
  | TaskCompleted
  | TaskFailed
  | SubOrchestrationInstanceCompleted
  | SubOrchestrationInstanceFailed
  | TimerFired
  | EventRaised
  | GenericEvent
  | ExecutionSuspended
  | ExecutionResumed;

export type HistoryEvent =
  | DeliveredEvent
  | ExecutionCompleted
  | TaskScheduled
  | SubOrchestrationInstanceCreated
  | TimerCreated
  | OrchestratorStarted
  | OrchestratorCompleted
  | EventSent;

/** The fields every event has, of one that was just made. `now` in milliseconds since 1970. */
export function eventFields(now: number, eventId = -1): EventFields {
  return { EventId: eventId, IsPlayed: false, Timestamp: new Date(now).toISOString() };
}
