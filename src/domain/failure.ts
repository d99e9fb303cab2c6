/** Who can mend a failure. */
export type Owner = "requester" | "network" | "identity" | "policy" | "platform" | "operator";

/** A failure that a person can see: what happened, why, what to do, and who can do it. */
export interface Failure {
  /** Azure's own error code where it has one, else one of ours in kebab-case. */
  code: string;
  message: string;
  why: string;
  mend: string;
  owner: Owner;
}

/** Carries a failure up through the orchestrator's code. */
export class StepFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "StepFailed";
    this.failure = failure;
  }
}

/** A step that may succeed when it is repeated. */
export class StepDelayed extends Error {
  /** Azure asks not to come back earlier. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "StepDelayed";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something the preflight found out about the ground that a build would stand on. */
export interface Finding {
  code: string;
  severity: "blocks" | "warns";
  resource: string;
  /** What was seen. */
  seen: string;
  why: string;
  mend: string;
  owner: Owner;
}
