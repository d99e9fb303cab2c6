import type { EventSent, SubOrchestrationInstanceCreated, TaskScheduled, TimerCreated } from "../history.ts";
import { type Decision, decisionTypeNames } from "./decision.ts";

export type SchedulingEvent = TaskScheduled | TimerCreated | SubOrchestrationInstanceCreated | EventSent;

/** A replay did not do again what the history says was done. */
export class NonDeterministicError extends Error {
  constructor(message: string) {
    super(`Non-Deterministic workflow detected: ${message}`);
  }
}

const CHANGED = "Was a change made to the orchestrator code after this instance had already started running?";

/** Compares a recorded event with what the replay decided under its number; the texts are the extension's. */
export function checkReplayed(event: SchedulingEvent, decision: Decision | undefined): void {
  switch (event.EventType) {
    case 4:
      return checkTask(event, decision);
    case 7:
      return checkSubOrchestration(event, decision);
    case 10:
      return checkTimer(event, decision);
    case 14:
      return checkEventSent(event, decision);
  }
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function checkTask(event: TaskScheduled, decision: Decision | undefined): void {
  const id = event.EventId;
  const scheduled = "A previous execution of this orchestration scheduled an activity task with sequence";
  if (!decision) {
    throw new NonDeterministicError(
      `${scheduled} ID ${id} and name '${event.Name}' (version '${event.Version}'), but the current replay execution hasn't (yet?) scheduled this task. ${CHANGED}`,
    );
  }
  if (decision.kind !== "scheduleTask") {
    throw new NonDeterministicError(
      `${scheduled} number ${id} named '${event.Name}', but the current orchestration replay instead produced a ${decisionTypeNames[decision.kind]} action with this sequence number. ${CHANGED}`,
    );
  }
  if (!same(event.Name, decision.name)) {
    throw new NonDeterministicError(
      `${scheduled} number ${id} named '${event.Name}', but the current orchestration replay instead scheduled an activity task named '${decision.name}' with this sequence number.  ${CHANGED}`,
    );
  }
}

function checkTimer(event: TimerCreated, decision: Decision | undefined): void {
  const scheduled = `A previous execution of this orchestration scheduled a timer task with sequence number ${event.EventId}`;
  if (!decision) {
    throw new NonDeterministicError(
      `${scheduled} but the current replay execution hasn't (yet?) scheduled this task. ${CHANGED}`,
    );
  }
  if (decision.kind !== "createTimer") {
    throw new NonDeterministicError(
      `${scheduled} named but the current orchestration replay instead produced a ${decisionTypeNames[decision.kind]} action with this sequence number. ${CHANGED}`,
    );
  }
}

function checkSubOrchestration(event: SubOrchestrationInstanceCreated, decision: Decision | undefined): void {
  const scheduled =
    `A previous execution of this orchestration scheduled a sub-orchestration task with sequence ID ${event.EventId} ` +
    `and name '${event.Name}' (version '${event.Version}', instance ID '${event.InstanceId}')`;
  if (!decision) {
    throw new NonDeterministicError(
      `${scheduled}, but the current replay execution hasn't (yet?) scheduled this task. ${CHANGED}`,
    );
  }
  if (decision.kind !== "createSubOrchestration") {
    throw new NonDeterministicError(
      `${scheduled}, but the current orchestration replay instead produced a ${decisionTypeNames[decision.kind]} action at this sequence number. ${CHANGED}`,
    );
  }
  if (!same(event.Name, decision.name)) {
    throw new NonDeterministicError(
      `${scheduled}, but the current orchestration replay instead scheduled a sub-orchestration task with name ${decision.name} at this sequence number. ${CHANGED}`,
    );
  }
}

function checkEventSent(event: EventSent, decision: Decision | undefined): void {
  const scheduled =
    `A previous execution of this orchestration scheduled a send event task with sequence ID ${event.EventId}, ` +
    `type 'EventSent', name '${event.Name}', instance ID '${event.InstanceId}'`;
  if (!decision) {
    throw new NonDeterministicError(
      `${scheduled}, but the current replay execution hasn't (yet?) scheduled this task. ${CHANGED}`,
    );
  }
  if (decision.kind !== "sendEvent") {
    throw new NonDeterministicError(
      `${scheduled}, but the current orchestration replay instead scheduled a ${decisionTypeNames[decision.kind]} task at this sequence number. ${CHANGED}`,
    );
  }
  if (!same(event.Name, decision.name)) {
    throw new NonDeterministicError(
      `${scheduled}, but the current orchestration replay instead scheduled a send event task with name ${decision.name} at this sequence number. ${CHANGED}`,
    );
  }
}
