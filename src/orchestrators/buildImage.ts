import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Grant } from "../domain/grant.ts";
import { grantLeft, NOT_READ_BACK } from "../domain/leftover.ts";
import { attemptPause, type Attempt, type Plan } from "../domain/plan.ts";
import type { ArchivedLog, Leftover, Outcome, Receipt } from "../domain/receipt.ts";
import { lacksAccess, provisioningFailure, type RunEnd } from "../domain/templateState.ts";
import { callsOf, readFailure } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { debts } from "../durable/debts.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { now, pause, secondsSince } from "../durable/time.ts";
import { buildRecord } from "./buildRecord.ts";
import { ARCHIVING, PATIENT, USUAL } from "./patience.ts";
import { followRun, outcomeOf } from "./runSteps.ts";
import { bothLeft, createTemplate, deleteTemplate, endRun } from "./templateSteps.ts";

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

    return yield* keep(record.receipt(outcome, leftovers));

    function* build(): Steps<Outcome> {
      record.phase("planning");
      const plan = yield* act.planBuild(request);
      record.planned(plan);

      record.phase("validating the subnet");
      const { subnetId, location } = plan;
      const findings = yield* act.validateSubnet({ subnetId, location });
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
        if (end.kind !== "never-started") return yield* outcomeOf(context, act, attempt, end);
        record.note("run lost", `attempt ${attempt.number}: Azure did not begin the run that it was asked for`);
        yield* startOver(plan, attempt);
      }
      return { kind: "failed", failure: advise("attempts-exhausted", "No attempt got as far as a run.") };
    }

    function* assign(plan: Plan, grant: Grant, revoke: `revoke ${Grant["role"]}`): Steps<void> {
      function* revokeRole(): Steps<Leftover[]> {
        record.revoked(grant, yield* tidy.revokeRole(grant));
        return [];
      }
      owed.owe(revoke, revokeRole, (why) => [grantLeft(grant, why)]);
      record.asksFor(grant);
      yield* act.assignRole({ grant, deadline: plan.deadline });
      record.granted(grant);
    }

    function oweTemplate(plan: Plan, attempt: Attempt): void {
      function* remove(): Steps<Leftover[]> {
        const { found, left } = yield* deleteTemplate(context, tidy, plan, attempt);
        if (found && left.length === 0) record.note("deleted", attempt.templateName);
        return left;
      }
      owed.owe("delete template", remove, (why) => bothLeft(plan, attempt, `${NOT_READ_BACK}: ${why}`));
    }

    function* run(plan: Plan, attempt: Attempt): Steps<RunEnd> {
      oweRun(plan, attempt);
      const { image, buildId } = plan;
      const answer = yield* act.startRun({ image, buildId, attempt });
      if (answer.kind === "refused") {
        owed.strike("end run");
        owed.strike("archive logs");
        throw new StepFailed(answer.failure);
      }
      record.note("run", answer.kind === "accepted" ? "asked for" : `asked for, answer ${answer.kind}`);
      const end = yield* followRun(context, act, record, plan, attempt);
      if (end.kind === "succeeded" || end.kind === "ended-badly") owed.strike("end run");
      return end;
    }

    function oweRun({ image, buildId }: Plan, attempt: Attempt): void {
      function* end(): Steps<Leftover[]> {
        const ended = yield* endRun(context, tidy, attempt);
        if (ended === "ended") record.note("cancelled", attempt.templateName);
        if (ended === "goes on") record.note("still cancelling", attempt.templateName);
        return [];
      }
      function* archiveLogs(): Steps<Leftover[]> {
        record.archived(yield* callsOf<BuildActivities>(context, ARCHIVING).archiveLogs({ image, buildId, attempt }));
        return [];
      }
      // A run that cannot be ended shows in the template, which then cannot be deleted.
      owed.owe("end run", end, () => []);
      owed.owe("archive logs", archiveLogs, (why) => {
        record.archived({ kind: "lost", why } satisfies ArchivedLog);
        return [];
      });
    }

    /** Removes an attempt that came to nothing, before the next one with names of its own. */
    function* startOver(plan: Plan, attempt: Attempt): Steps<void> {
      record.phase("starting over");
      yield* owed.settle("end run");
      owed.strike("archive logs");
      const left = yield* owed.settle("delete template");
      if (left.length > 0) {
        oweTemplate(plan, attempt);
        throw new StepFailed(advise("attempt-stuck", `${attempt.templateName} could not be removed: ${left[0]?.why}`));
      }
      yield* pause(context, attemptPause(attempt.number + 1));
    }

    /** Keeps the receipt in the archive; where that fails for good, the instance itself still has it. */
    function* keep(receipt: Receipt): Steps<Receipt> {
      try {
        yield* tidy.writeReceipt(receipt);
        return receipt;
      } catch (error) {
        return { ...receipt, notKept: readFailure(error).message };
      }
    }
  },
};
