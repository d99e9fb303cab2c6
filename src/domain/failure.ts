/** Who can mend a failure. */
export type Owner = "requester" | "network" | "identity" | "policy" | "platform" | "operator";

/** Who can mend what the preflight finds. What it finds of subscription and settings is for those who run the platform. */
export type FindingOwner = Exclude<Owner, "operator">;

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
  /** A build that anything blocks is refused; a warning and a note are told, and it goes on. */
  severity: "blocks" | "warns" | "notes";
  /** Id of the Azure resource that it is about, or what of the recipe. */
  resource: string;
  /** What was seen. */
  seen: string;
  why: string;
  /** What to change, in words. */
  mend: string;
  /** The `az` command that mends it, where one does. */
  command?: string;
  /** The same in Bicep: a file, or a part of a resource; the first line says where it is to go. */
  bicep?: string;
  owner: FindingOwner;
  /** Why the recipe accepts this warning; absent where it does not. */
  accepted?: string;
}
