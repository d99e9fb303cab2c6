import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { StepFailed } from "../domain/failure.ts";
import type { Grant } from "../domain/grant.ts";
import { grantLeft, removalLeft } from "../domain/leftover.ts";
import { attemptPause, type Attempt, type Plan } from "../domain/plan.ts";
import type { Leftover, Outcome, Receipt } from "../domain/receipt.ts";
import { lacksAccess, provisioningFailure } from "../domain/templateState.ts";
import { callsOf } from "../durable/activities.ts";
import { readFailure } from "../durable/answer.ts";
import type { Steps } from "../durable/call.ts";
import { debts } from "../durable/debts.ts";
import { entityOf } from "../durable/entities.ts";
import { stubbornCallsOf } from "../durable/keepTrying.ts";
import { begin, child, type Orchestrator } from "../durable/orchestrator.ts";
import { waitBeyond } from "../durable/race.ts";
import { later, now, secondsSince } from "../durable/time.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { buildRecord } from "./buildRecord.ts";
import { cancellation, Cancelled } from "./cancellation.ts";
import { endRun } from "./endRun.ts";
import { releaseGrant, takeGrant } from "./grantSteps.ts";
import { orNothing } from "./look.ts";
import { ARCHIVING, PATIENT, USUAL } from "./patience.ts";
import { removeTemplate, type Removed } from "./removeTemplate.ts";
import { followRun, outcomeOf, versionsOf } from "./runSteps.ts";
import { waitForTemplate } from "./waitForTemplate.ts";
import { waitForTurn } from "./waitForTurn.ts";

/**
 * What is undone, in this order, whatever the order it was done in: the log goes with the template, image builder
 * needs the network until the template is gone, and nothing needs the right to write images once the run is over.
 */
const CLEANING_ORDER = [
  "end run",
  "archive logs",
  "release image creation",
  "remove template",
  "release network join",
  "give turn back",
] as const;

/** Builds one image, and leaves nothing behind but the image, its log and a receipt. */
export const buildImage: Orchestrator<BuildRequest, Receipt> = {
  name: "buildImage",
  *body(context, request) {
    const act = callsOf<BuildActivities>(context, USUAL);
    const tidy = stubbornCallsOf<BuildActivities>(context, PATIENT);
    const record = buildRecord(context, request);
    const cancel = cancellation(context, act);
    const owed = debts<(typeof CLEANING_ORDER)[number], Leftover>(CLEANING_ORDER);
    /** The attempt whose run was asked for. */
    let asked: Attempt | undefined;

    let outcome: Outcome;
    try {
      outcome = yield* build();
    } catch (error) {
      outcome =
        error instanceof Cancelled
          ? { kind: "cancelled", ...error.request }
          : { kind: "failed", failure: readFailure(error).failure };
    }

    record.phase("cleaning up");
    yield* owed.settle("end run");
    outcome = yield* withImages(outcome);
    record.ended(outcome);
    const leftovers = yield* owed.settleAll();

    return yield* keep(record.receipt(outcome, leftovers));

    function* build(): Steps<Outcome> {
      record.phase("planning");
      const plan = yield* act.planBuild(request);
      record.planned(plan);

      record.phase("validating the subnet");
      const { subnetId, location } = plan;
      const findings = plan.findings.length > 0 ? plan.findings : yield* act.validateSubnet({ subnetId, location });
      if (findings.some(({ severity }) => severity === "blocks")) return { kind: "refused", findings };

      record.phase("waiting for its turn");
      owed.owe(
        "give turn back",
        () => giveTurnBack(plan),
        () => [],
      );
      yield* cancel.child(waitForTurn, { buildId: plan.buildId, image: plan.image, place: plan.place }, "turn");

      record.phase("granting");
      const deadline = later(context, plan.grantSeconds);
      yield* grant(plan, plan.grants.imageCreation, "release image creation");
      yield* grant(plan, plan.grants.networkJoin, "release network join");
      const grantedAt = now(context).toISOString();

      for (const attempt of plan.attempts) {
        record.phase("creating the template");
        oweTemplate(plan, attempt, deadline);
        yield* act.createTemplate({ template: plan.template, attempt });
        const wait = { attempt, askedAt: now(context).toISOString(), looked: 0 };
        const provisioning = yield* cancel.child(waitForTemplate, wait, `template-${attempt.number}`);
        if (provisioning.state !== "Succeeded") {
          const { code, message } = provisioningFailure(provisioning);
          const mayPass = secondsSince(context, grantedAt) < plan.propagationMinutes * 60;
          if (!lacksAccess(provisioning) || !mayPass) return { kind: "failed", failure: advise(code, message) };
          record.note("template refused", `attempt ${attempt.number}: the grants are not effective yet`);
          yield* startOver(plan, attempt, deadline);
          continue;
        }
        record.note("template", attempt.templateName);

        record.phase("running");
        oweRun(plan, attempt);
        const answer = yield* act.startRun({ image: plan.image, buildId: plan.buildId, attempt });
        if (answer.kind === "refused" || answer.kind === "throttled") {
          // There is no run to end, and none whose log could be kept.
          owed.strike("end run");
          owed.strike("archive logs");
          asked = undefined;
          if (answer.kind === "refused") throw new StepFailed(answer.failure);
          record.note("run throttled", `attempt ${attempt.number}: Azure did not take the request`);
          yield* startOver(plan, attempt, deadline, answer.retryAfterSeconds);
          continue;
        }
        record.note("run", answer.kind === "accepted" ? "asked for" : `asked for, answer ${answer.kind}`);
        const end = yield* followRun(context, record, cancel, plan, attempt);
        if (end.kind === "succeeded" || end.kind === "ended-badly") owed.strike("end run");
        if (end.kind !== "never-started") return yield* outcomeOf(context, attempt, end);

        record.note("run lost", `attempt ${attempt.number}: Azure did not begin the run that it was asked for`);
        yield* startOver(plan, attempt, deadline);
      }
      return { kind: "failed", failure: advise("attempts-exhausted", "No attempt got as far as a run.") };
    }

    function* giveTurnBack({ buildId }: Plan): Steps<Leftover[]> {
      const turns = entityOf<TurnsEntity>(context, TURNS, ALL, USUAL);
      const { next } = yield* turns.giveBack({ buildIds: [buildId] });
      for (const one of next) yield* act.wake({ instanceId: `${one}-turn`, wake: { stop: false } });
      return [];
    }

    function* grant(plan: Plan, wanted: Grant, release: `release ${Grant["role"]}`): Steps<void> {
      function* letGo(): Steps<Leftover[]> {
        record.released(wanted, yield* releaseGrant(context, plan, wanted));
        return [];
      }
      owed.owe(release, letGo, (why) => [grantLeft(wanted, why)]);
      record.asksFor(wanted);
      record.granted(wanted, yield* takeGrant(context, plan, wanted, cancel));
    }

    function oweTemplate(plan: Plan, attempt: Attempt, deadline: string): void {
      function* remove(): Steps<Leftover[]> {
        if (asked) yield* noteWhatGoes(plan);
        const removal = { attempt, since: now(context).toISOString(), looked: 0, found: false };
        const removing = begin(context, removeTemplate, removal, `${plan.buildId}-remove-${attempt.number}`);
        const left: Leftover[] = [];
        // Image builder needs the network for the deletion, but nobody holds a grant beyond its time.
        const removed = yield* waitBeyond<Removed>(context, removing, deadline, function* () {
          record.note("deadline", "the grants are released, though the template is not deleted yet");
          left.push(...(yield* owed.settle("release network join")));
        });
        if (removed.found && removed.left === "nothing") record.note("deleted", attempt.templateName);
        return [...left, ...removalLeft(plan, attempt, removed)];
      }
      const unsettled = (why: string) => removalLeft(plan, attempt, { left: "template and staging group", why });
      owed.owe("remove template", remove, unsettled);
    }

    /** An instance that is ended by force cannot say any more what it knows, and the template is gone by then. */
    function* noteWhatGoes({ image, buildId }: Plan): Steps<void> {
      const imageVersions = "imageVersions" in outcome ? outcome.imageVersions : undefined;
      yield* orNothing(act.noteOrphan({ image, buildId, log: record.log(), imageVersions }));
    }

    function oweRun({ image, buildId }: Plan, attempt: Attempt): void {
      function* end(): Steps<Leftover[]> {
        const ending = { attempt, since: now(context).toISOString(), asked: false, looked: 0 };
        const ended = yield* child(context, endRun, ending, `${buildId}-end-${attempt.number}`);
        if (ended === "ended") record.note("run cancelled", attempt.templateName);
        if (ended === "goes on") record.note("still cancelling", attempt.templateName);
        return [];
      }
      function* archiveLogs(): Steps<Leftover[]> {
        const { archiveLogs: archive } = stubbornCallsOf<BuildActivities>(context, ARCHIVING);
        record.archived(yield* archive({ image, buildId, attempt }));
        return [];
      }
      asked = attempt;
      // A run that cannot be ended shows in the template, which then cannot be deleted.
      owed.owe("end run", end, () => []);
      owed.owe("archive logs", archiveLogs, (why) => {
        record.archived({ kind: "lost", why });
        return [];
      });
    }

    /** Removes an attempt that came to nothing, before the next one with names of its own. */
    function* startOver(plan: Plan, attempt: Attempt, deadline: string, leastSeconds = 0): Steps<void> {
      record.phase("starting over");
      yield* owed.settle("end run");
      owed.strike("archive logs");
      asked = undefined;
      const left = yield* owed.settle("remove template");
      if (left.length > 0) {
        oweTemplate(plan, attempt, deadline);
        throw new StepFailed(advise("attempt-stuck", `${attempt.templateName} could not be removed: ${left[0]?.why}`));
      }
      yield* cancel.pause(Math.max(leastSeconds, attemptPause(attempt.number + 1)));
    }

    /** A run can make its image although the build fails or is cancelled: the receipt must not hide it. */
    function* withImages(ended: Outcome): Steps<Outcome> {
      if (!asked || (ended.kind !== "failed" && ended.kind !== "cancelled")) return ended;
      const imageVersions = yield* versionsOf(context, asked, [0]);
      return imageVersions.length > 0 ? { ...ended, imageVersions } : ended;
    }

    /** Keeps the receipt in the archive; where that fails for good, the instance itself still has it. */
    function* keep(receipt: Receipt): Steps<Receipt> {
      try {
        if (receipt.cleanUp.kind === "leftovers") yield* tidy.raiseAlarm(receipt);
        yield* tidy.writeReceipt(receipt);
        return receipt;
      } catch (error) {
        return { ...receipt, notKept: readFailure(error).message };
      }
    }
  },
};
