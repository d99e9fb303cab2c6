import * as z from "zod";
import { component } from "./component.ts";

/** Who can mend a failure. */
const Owner = z.enum(["requester", "network", "identity", "policy", "platform", "operator"]);
export type Owner = z.infer<typeof Owner>;

/** Who can mend what the preflight finds. What it finds of subscription and settings is for those who run the platform. */
const FindingOwner = Owner.exclude(["operator"]);
export type FindingOwner = z.infer<typeof FindingOwner>;

/** A failure that a person can see: what happened, why, what to do, and who can do it. */
export const Failure = component(
  "Failure",
  z.strictObject({
    code: z.string().describe("Azure's own error code where it has one, else one of Goldsmith's in kebab-case."),
    message: z.string(),
    why: z.string(),
    mend: z.string(),
    owner: Owner,
  }),
);
export type Failure = z.infer<typeof Failure>;

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

/** Azure has not taken the request at all, since too much is asked of it: that says nothing of the step. */
export class StepThrottled extends StepDelayed {}

/** Something the preflight found out about the ground that a build would stand on. */
export const Finding = component(
  "Finding",
  z.strictObject({
    code: z.string(),
    severity: z
      .enum(["blocks", "warns", "notes"])
      .describe("A build that anything blocks is refused; a warning and a note are told, and it goes on."),
    resource: z.string().describe("Id of the Azure resource that it is about, or what of the recipe."),
    seen: z.string().describe("What was seen."),
    why: z.string(),
    mend: z.string().describe("What to change, in words."),
    command: z.string().exactOptional().describe("The `az` command that mends it, where one does."),
    bicep: z
      .string()
      .exactOptional()
      .describe("The same in Bicep: a file, or a part of a resource; the first line says where it is to go."),
    owner: FindingOwner,
    accepted: z.string().exactOptional().describe("Why the recipe accepts this warning; absent where it does not."),
  }),
);
export type Finding = z.infer<typeof Finding>;
