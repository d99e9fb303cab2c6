import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { type ApprovalAsked, notApproved } from "../domain/approval.ts";
import { APPROVAL_CHILD } from "../domain/buildId.ts";
import { WAITING_FOR_APPROVAL } from "../domain/buildView.ts";
import type { ApprovalTold } from "../domain/callbacks/cloudEvent.ts";
import type { Finding } from "../domain/failure.ts";
import type { Plan } from "../domain/plan.ts";
import type { ResolvedSource } from "../domain/source.ts";
import type { Calls } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { later } from "../durable/time.ts";
import type { buildRecord } from "./buildRecord.ts";
import type { cancellation } from "./cancellation.ts";
import { waitForApproval } from "./waitForApproval.ts";

/** What of a build was approved. */
interface Approved {
  kind: "approved";
  planHash: string;
  /** What its source meant then: the template names that version. */
  source: ResolvedSource;
  expiresAt: string;
}

interface NotApproved {
  kind: "not approved";
  finding: Finding;
}

interface Parts {
  record: ReturnType<typeof buildRecord>;
  cancel: ReturnType<typeof cancellation>;
  act: Pick<Calls<BuildActivities>, "askApproval">;
  tell: (event: "waiting", approval: ApprovalTold) => Steps<void>;
}

/** Has a build approved whose recipe asks for that, or what it has made. */
export function approvalSteps(context: OrchestrationContext, { record, cancel, act, tell }: Parts) {
  const ask = ({ image, buildId, templateHash, source }: Plan, expiresAt: string) =>
    act.askApproval({ image, buildId, templateHash, source, expiresAt });

  /** Waits until somebody has decided on what is asked. */
  function* decisionOn({ image, buildId }: Plan, asked: ApprovalAsked): Steps<Approved | NotApproved> {
    const { planHash, source, expiresAt, imageVersions } = asked;
    record.asksApproval(asked);
    yield* tell("waiting", { planHash, expiresAt });
    const undecided = { image, buildId, planHash, expiresAt };
    let ended = yield* cancel.child(waitForApproval, undecided, APPROVAL_CHILD);
    // Where it was told to stop without a request to cancel, somebody has raised that past the service.
    while (ended.kind === "stopped") ended = yield* cancel.child(waitForApproval, undecided, APPROVAL_CHILD);
    record.decided(ended);
    if (ended.kind === "decided" && ended.decision.decision === "approved") {
      return { kind: "approved", planHash, source, expiresAt };
    }
    return { kind: "not approved", finding: notApproved(ended, image, imageVersions) };
  }

  return {
    /** Waits until somebody has decided on it, while nothing is held for it; undefined where nobody has to. */
    *wait(plan: Plan): Steps<Approved | NotApproved | undefined> {
      if (plan.approvalSeconds === undefined) return undefined;
      record.phase(WAITING_FOR_APPROVAL);
      return yield* decisionOn(plan, yield* ask(plan, later(context, plan.approvalSeconds)));
    },

    /** The same of what it has made. */
    *waitToPublish(plan: Plan, imageVersions: string[]): Steps<Approved | NotApproved> {
      record.phase(WAITING_FOR_APPROVAL);
      const { image, buildId, templateHash, source, publishSeconds = 0 } = plan;
      const { sourceVersion } = record;
      const made = { imageVersions, ...(sourceVersion ? { sourceVersion } : {}) };
      const expiresAt = later(context, publishSeconds);
      return yield* decisionOn(plan, yield* act.askApproval({ image, buildId, templateHash, source, made, expiresAt }));
    },

    /** Whether what was approved is what would be built now, after the ground has been looked at once more. */
    *holds(plan: Plan, approved: Approved): Steps<boolean> {
      const { planHash } = yield* ask(plan, approved.expiresAt);
      return planHash === approved.planHash;
    },
  };
}
