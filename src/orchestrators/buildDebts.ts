import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import { type Grant, outlastsTemplate, roleAssignmentId } from "../domain/grant.ts";
import { type BuildsImage, imageLeft, type ImportedImage } from "../domain/importedImage.ts";
import { REMOVAL_SECONDS, removalOf } from "../domain/buildId.ts";
import { grantLeft, HELD_BY_NOBODY_ELSE, NOT_READ_BACK, removalLeft } from "../domain/leftover.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { Leftover } from "../domain/receipt.ts";
import { callsOf } from "../durable/activities.ts";
import { readFailure } from "../durable/answer.ts";
import type { Steps } from "../durable/call.ts";
import { debts } from "../durable/debts.ts";
import { stubbornCallsOf, stubbornEntityOf } from "../durable/keepTrying.ts";
import { begin, child } from "../durable/orchestrator.ts";
import { waitBeyond } from "../durable/race.ts";
import { now } from "../durable/time.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import type { buildRecord } from "./buildRecord.ts";
import { type EndedRun, endRun } from "./endRun.ts";
import { releaseGrant } from "./grantSteps.ts";
import { orNothing } from "./look.ts";
import { firstLookout } from "./lookout.ts";
import { ARCHIVING, ONCE, USUAL } from "./patience.ts";
import { removeImage } from "./removeImage.ts";
import { type Removal, removeTemplate, type Removed } from "./removeTemplate.ts";

/**
 * What is undone, in this order, whatever the order it was done in: the log goes with the template, image builder
 * needs the network until the template is gone, and nothing needs the right to write images once the run is over. The
 * image that a VHD was imported to goes when no template is left that could be run from it; access goes before it.
 */
const CLEANING_ORDER = [
  "end run",
  "archive logs",
  "release what the run needed",
  "remove template",
  "release what the template needed",
  "remove image",
  "give turn back",
] as const;

function unreleased(grant: Grant, why: string): Leftover[] {
  return [grantLeft(grant, why, !why.includes(HELD_BY_NOBODY_ELSE))];
}

/** What a build owes before it may end, and how each debt is settled. */
export function buildDebts(context: OrchestrationContext, record: ReturnType<typeof buildRecord>) {
  const owed = debts<(typeof CLEANING_ORDER)[number], Leftover>(CLEANING_ORDER);
  /** The attempt whose run was asked for. */
  let asked: Attempt | undefined;
  let endedRun: EndedRun | undefined;
  /** The attempt whose template has been seen, made by this build. */
  let made: Attempt | undefined;
  let eventsCome = false;
  let foundRun = false;
  let endings = 0;
  /** Grants that were not let go when their turn was. */
  const refused: { plan: Plan; grant: Grant }[] = [];

  /** Asks once more for what was refused, which may be hours ago: by now it may be gone, or others may hold it. */
  function* askedAgain(left: Leftover[]): Steps<Leftover[]> {
    let still = left;
    for (const { plan, grant } of refused) {
      const id = roleAssignmentId(grant);
      let told: Leftover[] = [];
      try {
        record.released(grant, yield* releaseGrant(context, plan, grant, ONCE));
      } catch (error) {
        told = unreleased(grant, readFailure(error).message);
      }
      still = [...still.filter((one) => one.id !== id), ...told];
    }
    return still;
  }

  return {
    settle: (name: Parameters<typeof owed.settle>[0]) => owed.settle(name),
    *settleAll(): Steps<Leftover[]> {
      return yield* askedAgain(yield* owed.settleAll());
    },

    /** The attempt of which there may be a run. */
    get asked() {
      return asked;
    },

    /** How ending its run went; undefined where that was not owed. */
    get endedRun() {
      return endedRun;
    },

    oweTurn({ buildId }: Plan): void {
      function* giveBack(): Steps<Leftover[]> {
        const turns = stubbornEntityOf<TurnsEntity>(context, TURNS, ALL, USUAL);
        const { next } = yield* turns.giveBack({ buildIds: [buildId] });
        // A wake-up that gets lost is no harm: who waits also asks by itself.
        const { wake } = callsOf<BuildActivities>(context, ONCE);
        for (const one of next) yield* orNothing(wake({ instanceId: `${one}-turn`, wake: { stop: false } }));
        return [];
      }
      // A turn that nobody gives back is the sweeper's to take.
      owed.owe("give turn back", giveBack, () => []);
    },

    oweImage(asked: BuildsImage): void {
      const { id } = asked.image;
      function* remove(): Steps<Leftover[]> {
        const removal = { ...asked, since: now(context).toISOString(), looked: 0, found: false, proven: false };
        const removed = yield* child(context, removeImage, removal, `${asked.buildId}-remove-image`);
        if (removed.kind === "left") return [imageLeft(id, removed.why, removed.proven)];
        if (removed.kind === "foreign") record.note("left alone", `${id}, which is not this service's`);
        else if (removed.found) record.note("deleted", id);
        return [];
      }
      owed.owe("remove image", remove, (why) => [imageLeft(id, `${NOT_READ_BACK}: ${why}`, false)]);
    },

    /** The image stays, since the recipe wants it to. */
    keepImage({ id }: ImportedImage): void {
      owed.strike("remove image");
      record.kept(id);
    },

    oweGrant(plan: Plan, grant: Grant): void {
      function* letGo(): Steps<Leftover[]> {
        record.released(grant, yield* releaseGrant(context, plan, grant));
        return [];
      }
      const unsettled = (why: string) => {
        refused.push({ plan, grant });
        return unreleased(grant, why);
      };
      const when = outlastsTemplate(grant) ? "release what the template needed" : "release what the run needed";
      owed.owe(when, letGo, unsettled, grant.name);
    },

    /** Whether a removal that spares runs has come upon one. */
    get foundRun() {
      return foundRun;
    },

    /** @param before what comes next: then it is not gone on with for long, and a run is spared. */
    oweTemplate(plan: Plan, attempt: Attempt, deadline: string, before?: "another attempt"): void {
      const seconds = before ? REMOVAL_SECONDS.beforeAnother : REMOVAL_SECONDS.atEnd;
      const { image, buildId } = plan;
      function* remove(): Steps<Leftover[]> {
        const removal: Removal = {
          image,
          buildId,
          attempt,
          since: now(context).toISOString(),
          seconds,
          sparesRun: before !== undefined && asked !== undefined,
          proven: made?.number === attempt.number,
          lookout: firstLookout(eventsCome),
          found: false,
          gone: false,
          ...(asked ? { orphan: record.orphan() } : {}),
        };
        const removing = begin(context, removeTemplate, removal, `${buildId}-${removalOf(attempt.number, seconds)}`);
        const left: Leftover[] = [];
        // Image builder needs the network for the deletion, but nobody holds a grant beyond its time.
        const removed = yield* waitBeyond<Removed>(context, removing, deadline, function* () {
          record.note("deadline", "the grants are released, though the template is not deleted yet");
          left.push(
            ...(yield* owed.settle("release what the run needed")),
            ...(yield* owed.settle("release what the template needed")),
          );
        });
        foundRun = removed.isRun ?? false;
        if (removed.foreign) record.note("left alone", `${removed.foreign}, which is not this service's`);
        if (removed.found && removed.left === "nothing") record.note("deleted", attempt.templateName);
        return [...left, ...removalLeft(plan, attempt, removed)];
      }
      const unsettled = (why: string) =>
        removalLeft(plan, attempt, { left: "template and staging group", why: `${NOT_READ_BACK}: ${why}` });
      owed.owe("remove template", remove, unsettled);
    },

    /** The attempt's template stands, as this build has made it. @param isTold whether an event has come of it. */
    templateMade(attempt: Attempt, isTold: boolean): void {
      made = attempt;
      eventsCome = isTold;
    },

    oweRun({ image, buildId }: Plan, attempt: Attempt, deadline: string): void {
      const runAskedAt = now(context).toISOString();
      function* end(): Steps<Leftover[]> {
        const ending = { attempt, runAskedAt, until: deadline, asked: false, looked: 0 };
        endedRun = yield* child(context, endRun, ending, `${buildId}-end-${++endings}`);
        if (endedRun === "ended") record.note("run cancelled", attempt.templateName);
        if (endedRun === "goes on") record.note("still cancelling", attempt.templateName);
        return [];
      }
      function* archiveLogs(): Steps<Leftover[]> {
        const stubborn = stubbornCallsOf<BuildActivities>(context, ARCHIVING);
        const once = callsOf<BuildActivities>(context, ONCE);
        const log =
          (yield* orNothing(stubborn.archiveLogs({ image, buildId, attempt, insists: true }))) ??
          // One log that cannot be read takes no other with it.
          (yield* once.archiveLogs({ image, buildId, attempt, insists: false }));
        record.archived(log.kind === "archived" && endedRun === "goes on" ? { ...log, incomplete: true } : log);
        return [];
      }
      asked = attempt;
      endedRun = undefined;
      // A run that cannot be ended shows in the template, which then cannot be deleted.
      owed.owe("end run", end, () => []);
      owed.owe("archive logs", archiveLogs, (why) => {
        record.archived({ kind: "lost", why });
        return [];
      });
    },

    /** The run has ended by itself. */
    strikeRunUnderWay(): void {
      owed.strike("end run");
    },

    /** There is no run to end, and none whose log could be kept. */
    strikeRun(): void {
      owed.strike("end run");
      owed.strike("archive logs");
      asked = undefined;
    },
  };
}
