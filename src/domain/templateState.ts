import type { Failure } from "./failure.ts";

/** An image template as one GET of it tells. */
export type TemplateState =
  | { kind: "absent" }
  | { kind: "present"; provisioning: Provisioning; run?: Run }
  /** Under the attempt's name stands somebody else's, which is left alone. */
  | { kind: "foreign"; id: string };

export interface Provisioning {
  /** Creating, Updating, Succeeded, Failed, Deleting or Canceled. */
  state: string;
  errorCode?: string;
  errorMessage?: string;
}

/** The template's last run. */
export interface Run {
  /** Running, Canceling, Succeeded, PartiallySucceeded, Failed or Canceled. */
  state: string;
  /** Queued, Building, Customizing, Optimizing, Validating or Distributing; absent at the end. */
  phase?: string;
  /** ISO 8601. */
  startedAt?: string;
  /** ISO 8601; absent while the run goes on, when Azure says the year 1. */
  endedAt?: string;
  message: string;
  /** The source's, as the template tells since the run has begun: a number, or the id of a version. */
  sourceVersion?: string;
}

export function isFinal(run: Run): boolean {
  return !["Running", "Canceling"].includes(run.state);
}

/** A phase of image builder's that a run came to, and when it was seen there: ISO 8601. */
export interface RunPhase {
  at: string;
  phase: string;
}

/** What the instance that waits for a run shows meanwhile: its custom status. */
export interface RunProgress {
  /** Image builder's word for the phase or the state, or that the run is asked for. */
  phase: string;
  phases: RunPhase[];
}

/** How waiting for a run ended, and which phases were seen of it. */
export type RunEnd = RunEndKind & { phases?: RunPhase[] };

type RunEndKind =
  | { kind: "succeeded"; run: Run }
  | { kind: "ended-badly"; run: Run }
  /** No run showed up although one was asked for: the request was lost on its way. */
  | { kind: "never-started" }
  | { kind: "overdue"; run?: Run }
  /** Nobody waits for it any more. */
  | { kind: "stopped" }
  /** Somebody else deleted the template. */
  | { kind: "template-gone" };

/** Image builder's texts for a right that is missing, or has just been granted and is not effective yet. */
const NOT_AUTHORIZED = /not authorized to access the resource|AuthorizationFailed|does not have authorization/i;

/** A right that is denied, which no waiting mends. */
const DENIED = /\bdeny assignments?\b/i;

/** Whether a template failed for want of a right: within the propagation window that passes by itself. */
export function lacksAccess({ errorMessage = "" }: Provisioning): boolean {
  return NOT_AUTHORIZED.test(errorMessage) && !DENIED.test(errorMessage);
}

/** Code and message of a template that image builder refused after it had taken it. */
export function provisioningFailure(provisioning: Provisioning): Pick<Failure, "code" | "message"> {
  return {
    code: provisioning.errorCode ?? `template-${provisioning.state.toLowerCase()}`,
    message: provisioning.errorMessage ?? `The image template ended in the state ${provisioning.state}.`,
  };
}

/** Code and message of a run that did not bring an image. */
export function runFailure(end: Exclude<RunEnd, { kind: "succeeded" }>): Pick<Failure, "code" | "message"> {
  const messages = {
    "never-started": "Azure never began the run that it was asked for.",
    overdue: "The run outlived its deadline.",
    stopped: "Nobody waited for the end of the run.",
    "template-gone": "Somebody else deleted the image template while it ran.",
  };
  if (end.kind !== "ended-badly") return { code: `run-${end.kind}`, message: messages[end.kind] };
  return { code: `run-${end.run.state.toLowerCase()}`, message: end.run.message };
}

/** How long a run took, in seconds; 0 where Azure did not tell. */
export function secondsOf({ startedAt, endedAt }: Run): number {
  return startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0;
}
