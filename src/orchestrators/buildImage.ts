import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import { GROUND_CHILD, IMPORT_CHILD, PLAN_CHILD, SCRIPTS_CHILD, templateChildOf } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { WAITING } from "../domain/buildView.ts";
import type { ApprovalTold } from "../domain/callbacks/cloudEvent.ts";
import type { BuildEvent } from "../domain/callbacks/notify.ts";
import { type Failure, StepFailed } from "../domain/failure.ts";
import { isBlocking } from "../domain/preflight/checkGround.ts";
import { attemptPause, type Attempt, BUILD_REPEATED, mayLackReading, type Plan } from "../domain/plan.ts";
import type { Outcome, Receipt } from "../domain/receipt.ts";
import { decidedOn } from "../domain/source.ts";
import { turnOf } from "../domain/turns.ts";
import { callsOf } from "../durable/activities.ts";
import { readFailure } from "../durable/answer.ts";
import type { Steps } from "../durable/call.ts";
import { stubbornCallsOf } from "../durable/keepTrying.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { jittered, later, now, secondsSince } from "../durable/time.ts";
import { approvalSteps } from "./approvalSteps.ts";
import { buildDebts } from "./buildDebts.ts";
import { buildRecord } from "./buildRecord.ts";
import { cancellation, Cancelled } from "./cancellation.ts";
import { takeGrant } from "./grantSteps.ts";
import { orNothing } from "./look.ts";
import { firstLookout } from "./lookout.ts";
import { makeImage } from "./makeImage.ts";
import { makeTemplate } from "./makeTemplate.ts";
import { PATIENT, TELLING, USUAL } from "./patience.ts";
import { publishSteps } from "./publishSteps.ts";
import { followRun, outcomeOf, versionsMade } from "./runSteps.ts";
import { waitForTurn } from "./waitForTurn.ts";

/** What an instance ends with that has the id of a build of before: the receipt is the first one's. */
export interface Repeated {
  repeated: Failure;
}

/** Builds one image, and leaves nothing behind but the image, its log and a receipt. */
export const buildImage: Orchestrator<BuildRequest, Receipt | Repeated> = {
  name: "buildImage",
  *body(context, request) {
    const act = stubbornCallsOf<BuildActivities>(context, USUAL);
    const tidy = stubbornCallsOf<BuildActivities>(context, PATIENT);
    const record = buildRecord(context, request);
    const cancel = cancellation(context, callsOf<BuildActivities>(context, USUAL), request);
    const owed = buildDebts(context, record);
    const approval = approvalSteps(context, { record, cancel, act, tell });

    yield* tell("accepted");
    let planned: Plan | undefined;
    let outcome: Outcome;
    try {
      outcome = yield* build();
    } catch (error) {
      outcome =
        error instanceof Cancelled
          ? { kind: "cancelled", ...error.request }
          : { kind: "failed", failure: readFailure(error).failure };
    }

    if (outcome.kind === "failed" && outcome.failure.code === BUILD_REPEATED) return { repeated: outcome.failure };

    record.phase("cleaning up");
    yield* owed.settle("end run");
    outcome = yield* withImages(outcome);
    record.ended(outcome);
    const leftovers = yield* owed.settleAll();
    if (outcome.kind === "built" && planned?.publishSeconds !== undefined) {
      // It may be days until the receipt tells of them.
      if (leftovers.length > 0) yield* orNothing(tidy.raiseAlarm(record.receipt(outcome, leftovers)));
      outcome = yield* publishSteps(context, record, approval, planned, outcome);
      if (outcome.kind !== "built") record.ended(outcome);
    }

    return yield* keep(record.receipt(outcome, leftovers));

    function* build(): Steps<Outcome> {
      record.phase("planning");
      const plan = yield* untilCancelled(PLAN_CHILD).planBuild(request);
      planned = plan;
      record.planned(plan);

      record.phase("checking the ground");
      const findings = yield* untilCancelled(GROUND_CHILD).checkGround(plan);
      if (findings.some(isBlocking)) return { kind: "refused", findings };
      record.found(findings);

      let approvedVersion: string | undefined;
      for (;;) {
        const approved = yield* approval.wait(plan);
        if (approved?.kind === "not approved") return { kind: "refused", findings: [approved.finding] };

        record.phase(WAITING);
        owed.oweTurn(plan);
        record.waits(`${plan.buildId}-turn`);
        const wait = { ...turnOf(plan, request), since: now(context).toISOString() };
        let waited = yield* cancel.child(waitForTurn, wait, "turn");
        // Where it was told to stop without a request to cancel, somebody has raised that past the service.
        while (waited === "stopped") waited = yield* cancel.child(waitForTurn, wait, "turn");
        if (waited !== "turn") return { kind: "failed", failure: waited.failure };
        if (!approved) break;

        // It may have been long: what was approved is one version of the source, on ground that did.
        record.phase("checking the ground");
        const anew = yield* untilCancelled(GROUND_CHILD).checkGround(plan);
        if (anew.some(isBlocking)) return { kind: "refused", findings: anew };
        record.found(anew);
        approvedVersion = approved.source.version;
        if (yield* approval.holds(plan, approved)) break;
        record.note("approval void", "the source means another version by now");
        yield* owed.settle("give turn back");
      }

      yield* tell("started");
      if (plan.scriptContainer !== undefined) {
        record.phase("keeping scripts");
        const { image, buildId, sentHash, scriptContainer } = plan;
        const kept = yield* untilCancelled(SCRIPTS_CHILD).keepScripts({ image, buildId, sentHash, scriptContainer });
        record.note("scripts kept", `${kept.added} added, ${kept.found} there already`);
      }

      const { importedImage: image, buildId } = plan;
      if (image) {
        record.phase("importing");
        owed.oweImage({ image, buildId });
        const making = { image, buildId, asked: false, since: now(context).toISOString(), looked: 0 };
        const made = yield* cancel.child(makeImage, making, IMPORT_CHILD);
        if (made.kind === "refused") return { kind: "failed", failure: made.failure };
        record.note("imported", image.id);
      }

      record.phase("granting");
      const deadline = later(context, plan.grantSeconds);
      for (const [index, grant] of plan.grants.entries()) {
        owed.oweGrant(plan, grant);
        record.asksFor(grant);
        record.granted(grant, yield* takeGrant(context, plan, grant, index + 1, cancel));
      }
      const grantedAt = now(context).toISOString();

      for (const attempt of plan.attempts) {
        record.phase("creating the template");
        owed.oweTemplate(plan, attempt, deadline);
        const order = { image: plan.image, buildId, sentHash: plan.sentHash, attempt, ...decidedOn(approvedVersion) };
        const making = { ...order, asked: false, since: now(context).toISOString(), lookout: firstLookout() };
        const made = yield* cancel.child(makeTemplate, making, templateChildOf(attempt.number));
        if (made.kind === "refused") {
          if (!made.lacksAccess && !mayLackReading(plan, made.failure))
            return { kind: "failed", failure: made.failure };
          const seconds = secondsSince(context, grantedAt);
          const isLast = attempt.number === plan.attempts.length;
          if (isLast || seconds >= plan.propagationMinutes * 60) {
            const after = `${Math.floor(seconds / 60)} minutes after the grants`;
            const message = `Image builder says ${after}: ${made.failure.message}`;
            return { kind: "failed", failure: advise("access-not-effective", message) };
          }
          record.note("template refused", `attempt ${attempt.number}: the grants are not effective yet`);
          yield* startOver(plan, attempt, deadline);
          continue;
        }
        owed.templateMade(attempt, made.eventsCome);
        record.note("template", attempt.templateName);

        record.phase("running");
        owed.oweRun(plan, attempt, deadline);
        const answer = yield* act.startRun({ image: plan.image, buildId: plan.buildId, attempt });
        if (answer.kind === "refused" || answer.kind === "throttled") owed.strikeRun();
        if (answer.kind === "refused") throw new StepFailed(answer.failure);
        if (answer.kind === "throttled") {
          record.note("run throttled", `attempt ${attempt.number}: Azure did not take the request`);
          yield* startOver(plan, attempt, deadline, answer.retryAfterSeconds);
          continue;
        }
        record.note("run", answer.kind === "accepted" ? "asked for" : `asked for, answer ${answer.kind}`);
        const end = yield* followRun(context, record, cancel, plan, attempt, made.eventsCome);
        if ("run" in end && end.run) record.ran(end.run);
        if (end.kind === "succeeded" || end.kind === "ended-badly") owed.strikeRunUnderWay();
        if (end.kind !== "never-started") {
          const ended = yield* outcomeOf(context, plan, attempt, end);
          if (image?.keepImage && ended.kind === "built") owed.keepImage(image);
          return ended;
        }

        record.note("run lost", `attempt ${attempt.number}: Azure did not begin the run that it was asked for`);
        yield* startOver(plan, attempt, deadline);
      }
      return { kind: "failed", failure: advise("attempts-exhausted", "No attempt got as far as a run.") };
    }

    /** Has an event told to whoever wants to know of it. It is not waited for, and the build goes on without as well. */
    function* tell(event: BuildEvent, approval?: ApprovalTold): Steps<void> {
      if (!request.notify) return;
      const time = now(context).toISOString();
      const happened = { event, request, time, ...(approval ? { approval } : {}) };
      yield* orNothing(callsOf<BuildActivities>(context, TELLING).giveNotice(happened));
    }

    /** Calls that are not gone on with, whatever Azure asks to wait, once the build is cancelled. */
    function untilCancelled(name: string) {
      return stubbornCallsOf<BuildActivities>(context, USUAL, (keepTrying, trying) =>
        cancel.child(keepTrying, trying, name),
      );
    }

    /** Removes an attempt that came to nothing, before the next one with names of its own. */
    function* startOver(plan: Plan, attempt: Attempt, deadline: string, leastSeconds = 0): Steps<void> {
      record.phase("starting over");
      yield* owed.settle("end run");
      // There is never a second run: what began after all is ended, and its log kept.
      const isLate = advise("run-late", `The run of ${attempt.templateName} began when it had been given up.`);
      if (owed.endedRun !== undefined && owed.endedRun !== "none") throw new StepFailed(isLate);
      owed.oweTemplate(plan, attempt, deadline, "another attempt");
      const left = yield* owed.settle("remove template");
      if (owed.foundRun) {
        owed.oweTemplate(plan, attempt, deadline);
        owed.oweRun(plan, attempt, deadline);
        throw new StepFailed(isLate);
      }
      owed.strikeRun();
      if (left.length > 0) {
        owed.oweTemplate(plan, attempt, deadline);
        throw new StepFailed(advise("attempt-stuck", `${attempt.templateName} could not be removed: ${left[0]?.why}`));
      }
      yield* cancel.pause(
        Math.max(leastSeconds, jittered(context, attemptPause(attempt.number + 1, plan.propagationMinutes))),
      );
      if (secondsSince(context, deadline) > 0) {
        throw new StepFailed(advise("grant-overdue", "The time is over for which the build could have access."));
      }
    }

    /** A run can make its image although the build fails or is cancelled: the receipt must not hide it. */
    function* withImages(ended: Outcome): Steps<Outcome> {
      if (!planned || !owed.asked || (ended.kind !== "failed" && ended.kind !== "cancelled")) return ended;
      const imageVersions = yield* versionsMade(context, owed.asked, planned);
      return imageVersions.length > 0 ? { ...ended, imageVersions } : ended;
    }

    /** Keeps the receipt in the archive; where that fails for good, the instance itself still has it. */
    function* keep(receipt: Receipt): Steps<Receipt> {
      if (receipt.cleanUp.kind === "leftovers") yield* orNothing(tidy.raiseAlarm(receipt));
      try {
        yield* tidy.writeReceipt(receipt);
        return receipt;
      } catch (error) {
        return { ...receipt, notKept: readFailure(error).message };
      }
    }
  },
};
