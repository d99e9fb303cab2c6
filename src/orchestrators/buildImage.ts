import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { waitInstanceOf } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Grant } from "../domain/grant.ts";
import { grantLeft, templateLeft } from "../domain/leftover.ts";
import { attemptPause, type Attempt, type Plan } from "../domain/plan.ts";
import type { Leftover, Outcome, Receipt } from "../domain/receipt.ts";
import { lacksAccess, provisioningFailure, type RunEnd, runFailure, secondsOf } from "../domain/templateState.ts";
import { callsOf, readFailure } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { debts, type Settled } from "../durable/debts.ts";
import { child, type Orchestrator } from "../durable/orchestrator.ts";
import { now, pause, secondsSince } from "../durable/time.ts";
import { buildRecord } from "./buildRecord.ts";
import { PATIENT, USUAL } from "./patience.ts";
import { createTemplate, deleteTemplate, endRun } from "./templateSteps.ts";
import { waitForRun } from "./waitForRun.ts";

/**
 * What is undone, in this order, whatever the order it was done in: the log goes with the template, image builder
 * needs the network until the template is gone, and nothing needs the right to write images once the run is over.
 */
const CLEANING_ORDER = [
  "end run",
  "archive logs",
  "revoke image creation",
  "delete template",
  "revoke network join",
] as const;

/** Builds one image, and leaves nothing behind but the image, its log and a receipt. */
export const buildImage: Orchestrator<BuildRequest, Receipt> = {
  name: "buildImage",
  *body(context, request) {
    const act = callsOf<BuildActivities>(context, USUAL);
    const tidy = callsOf<BuildActivities>(context, PATIENT);
    const record = buildRecord(context, request);
    const owed = debts<(typeof CLEANING_ORDER)[number], Leftover>(CLEANING_ORDER);

    let outcome: Outcome;
    try {
      outcome = yield* build();
    } catch (error) {
      outcome = { kind: "failed", failure: readFailure(error).failure };
    }
    record.ended(outcome);

    record.phase("cleaning up");
    const leftovers = yield* owed.settleAll();

    const receipt = record.receipt(outcome, leftovers);
    yield* tidy.writeReceipt(receipt);
    return receipt;

    function* build(): Steps<Outcome> {
      record.phase("planning");
      const plan = yield* act.planBuild(request);
      record.planned(plan);

      record.phase("validating the subnet");
      const findings = yield* act.validateSubnet(plan);
      if (findings.some(({ severity }) => severity === "blocks")) return { kind: "refused", findings };

      record.phase("granting");
      yield* assign(plan, plan.grants.imageCreation, "revoke image creation");
      yield* assign(plan, plan.grants.networkJoin, "revoke network join");
      const grantedAt = now(context).toISOString();

      for (const attempt of plan.attempts) {
        record.phase("creating the template");
        oweTemplate(plan, attempt);
        const provisioning = yield* createTemplate(context, act, plan, attempt);
        if (provisioning.state !== "Succeeded") {
          const { code, message } = provisioningFailure(provisioning);
          const mayPass = secondsSince(context, grantedAt) < plan.propagationMinutes * 60;
          if (!lacksAccess(provisioning) || !mayPass) return { kind: "failed", failure: advise(code, message) };
          record.note("template refused", `attempt ${attempt.number}: the grants are not effective yet`);
          yield* startOver(plan, attempt);
          continue;
        }
        record.note("template", attempt.templateName);

        record.phase("running");
        const end = yield* run(plan, attempt);
        if (end.kind !== "never-started") return yield* settle(attempt, end);
        record.note("run lost", `attempt ${attempt.number}: Azure never began the run that it was asked for`);
        yield* startOver(plan, attempt);
      }
      return { kind: "failed", failure: advise("attempts-exhausted", "No attempt got as far as a run.") };
    }

    function* assign(plan: Plan, grant: Grant, revoke: `revoke ${Grant["role"]}`): Steps<void> {
      function* revokeRole(): Steps<undefined> {
        record.revoked(grant, yield* tidy.revokeRole(grant));
      }
      owed.owe(revoke, revokeRole, (why) => grantLeft(grant, why));
      yield* act.assignRole({ grant, deadline: plan.deadline });
      record.granted(grant);
    }

    function oweTemplate(plan: Plan, attempt: Attempt): void {
      function* remove(): Steps<Settled<Leftover>> {
        const left = yield* deleteTemplate(context, tidy, plan, attempt);
        if (!left) record.note("deleted", attempt.templateName);
        return left;
      }
      owed.owe("delete template", remove, (why) => templateLeft(plan, attempt, why));
    }

    /** Removes an attempt that came to nothing, before the next one with names of its own. */
    function* startOver(plan: Plan, attempt: Attempt): Steps<void> {
      record.phase("waiting for access");
      owed.strike("end run");
      owed.strike("archive logs");
      const left = yield* owed.settle("delete template");
      if (left) {
        oweTemplate(plan, attempt);
        throw new StepFailed(advise("attempt-stuck", left.why));
      }
      yield* pause(context, attemptPause(attempt.number + 1));
    }

    function* run(plan: Plan, attempt: Attempt): Steps<RunEnd> {
      const { image, buildId, deadline, expectedRunSeconds: expectedSeconds } = plan;
      owed.owe(
        "end run",
        () => endRun(context, tidy, attempt),
        () => undefined,
      );
      owed.owe("archive logs", archiveLogs, lost);
      const answer = yield* act.startRun({ image, buildId, attempt });
      record.note("run", answer === "accepted" ? "asked for" : `asked for, answer ${answer}`);
      const askedAt = now(context).toISOString();
      const instance = waitInstanceOf(buildId, attempt.number);
      record.waits(instance);
      return yield* child(context, waitForRun, { attempt, askedAt, expectedSeconds, deadline }, instance);

      function* archiveLogs(): Steps<undefined> {
        record.archived(yield* tidy.archiveLogs({ image, buildId, attempt }));
      }
      function lost(why: string): undefined {
        record.archived({ kind: "lost", why });
      }
    }

    function* settle(attempt: Attempt, end: Exclude<RunEnd, { kind: "never-started" }>): Steps<Outcome> {
      if (end.kind === "succeeded" || end.kind === "ended-badly") owed.strike("end run");
      if (end.kind !== "succeeded") {
        const { code, message } = runFailure(end);
        return { kind: "failed", failure: advise(code, message) };
      }
      const imageVersions = yield* act.readImageVersions(attempt);
      return { kind: "built", imageVersions, runSeconds: secondsOf(end.run) };
    }
  },
};
