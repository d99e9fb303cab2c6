import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import type { SweepActivities } from "../activities/sweep.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { StepFailed } from "../domain/failure.ts";
import { LONGEST_REST_SECONDS, type Unseen } from "../domain/observation.ts";
import type { Done, SweepAct } from "../domain/sweepAct.ts";
import { isFinal } from "../domain/templateState.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import { readFailure } from "../durable/answer.ts";
import type { Steps } from "../durable/call.ts";
import { entityOf } from "../durable/entities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import type { Patience } from "../durable/patience.ts";
import { pause, startAnew } from "../durable/time.ts";
import { LEASE, type LeaseEntity } from "../entities/lease.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { codesOf } from "../telemetry/whyOf.ts";
import { orNothing } from "./look.ts";
import { LOOKING, ONCE, USUAL } from "./patience.ts";

export interface Sweep {
  dryRun: boolean;
  /** Of later generations: how much has been done, and whether Azure has been looked at. */
  begun?: { done: number; looked: boolean };
  /** Of the last generation of one that has failed: why, in codes alone. */
  failed?: string;
}

/** Acts after which it starts anew, so that its history stays short however much there is to remove. */
const ACTS_A_GENERATION = 8;

/**
 * Ends the grants that are held beyond their time, then holds what there is in Azure against the leases and the builds
 * under way, and removes what nobody holds. What there is to do lies in the archive; only a few acts at a time are here.
 */
export const sweep: Orchestrator<Sweep, { id: string }> = {
  name: "sweep",
  *body(context, { dryRun, begun, failed }) {
    if (failed !== undefined) throw new Error(failed);
    const { instanceId: id } = context.df;
    const act = sweepCallsOf(context, USUAL);
    try {
      if (!begun) yield* findOverdue(context, id, dryRun);
      const { done: from, looked } = begun ?? { done: 0, looked: false };

      const { now, acts } = yield* act.nextActs({ id, from, count: ACTS_A_GENERATION });
      if (acts.length > 0) {
        const done: Done[] = [];
        for (const one of acts) done.push(dryRun ? doneSo(one, "would be done") : yield* tried(context, one, now));
        yield* act.noteDone({ id, from, done });
        return startAnew(context, { dryRun, begun: { done: from + acts.length, looked } } satisfies Sweep);
      }
      if (!looked) {
        yield* lookAround(context, id, dryRun);
        return startAnew(context, { dryRun, begun: { done: from, looked: true } } satisfies Sweep);
      }

      yield* act.reportSweep({ id, dryRun, missed: dryRun ? [] : yield* purgeRawLogs(context) });
      return { id };
    } catch (error) {
      const failure = readFailure(error);
      const code = codesOf(failure);
      yield* orNothing(act.reportFailure({ id, dryRun, failure: failure.message, code }));
      // Of a generation that fails the host's log has what its steps were asked, and so Azure's words: the next one fails.
      return startAnew(context, { dryRun, failed: code } satisfies Sweep);
    }
  },
};

/** Steps that wait for nothing longer than for the next sweep: it is that one's turn then. */
function sweepCallsOf(context: OrchestrationContext, patience: Patience): Calls<BuildActivities & SweepActivities> {
  return callsOf<BuildActivities & SweepActivities>(context, patience, function* (seconds) {
    if (seconds > LONGEST_REST_SECONDS) return false;
    yield* pause(context, seconds);
    return true;
  });
}

/** Without the archive no sweep comes to its end; but for want of the archive nobody keeps access beyond its time. */
function* findOverdue(context: OrchestrationContext, id: string, dryRun: boolean): Steps<void> {
  const act = sweepCallsOf(context, USUAL);
  try {
    yield* act.findOverdue({ id });
  } catch (error) {
    if (!dryRun) yield* endOverdue(context, id);
    throw error;
  }
}

function* endOverdue(context: OrchestrationContext, sweepId: string): Steps<void> {
  const found = yield* orNothing(sweepCallsOf(context, USUAL).overdueByLeases(undefined));
  for (const grant of found?.grants ?? []) {
    const lease = entityOf<LeaseEntity>(context, LEASE, grant.name, ONCE);
    yield* orNothing(lease.sweep({ grant, now: found?.now ?? "", dead: [], seen: false, sweepId }));
  }
}

/** A place that cannot be looked at is asked again for a while; then the sweep goes on with what it can see. */
function* lookAround(context: OrchestrationContext, id: string, dryRun: boolean): Steps<void> {
  const insisting = sweepCallsOf(context, LOOKING);
  const seen = yield* orNothing(insisting.planSweep({ id, dryRun, insists: true }));
  if (!seen) yield* sweepCallsOf(context, USUAL).planSweep({ id, dryRun, insists: false });
}

/** What fails is the next sweep's turn again. */
function* tried(context: OrchestrationContext, one: SweepAct, now: string): Steps<Done> {
  try {
    return doneSo(one, yield* carryOut(context, one, now));
  } catch (error) {
    if (error instanceof StepFailed)
      return { ...doneSo(one, `failed: ${error.message}`), failed: true, code: codesOf(error) };
    throw error;
  }
}

function doneSo({ kind, id }: SweepAct, result: string): Done {
  return { what: kind, id, result };
}

function* carryOut(context: OrchestrationContext, act: SweepAct, now: string): Steps<string> {
  const once = callsOf<BuildActivities & SweepActivities>(context, ONCE);
  if (act.kind === "stop asking") return yield* once.wake({ instanceId: act.id, wake: { stop: true } });
  if (act.kind === "close build") return yield* once.closeBuild({ buildId: act.id, leftovers: act.leftovers });
  if (act.kind === "give turn back") {
    const { next } = yield* entityOf<TurnsEntity>(context, TURNS, ALL, ONCE).giveBack({ buildIds: [act.id] });
    for (const one of next) yield* once.wake({ instanceId: `${one}-turn`, wake: { stop: false } });
    return "given back";
  }
  if (act.kind === "remove image") {
    const { image, buildId } = act;
    return `deletion ${yield* once.deleteImage({ image, buildId })}`;
  }
  if (act.kind === "release grant") {
    const { grant, ends, seen } = act;
    const dead = ends.map(({ buildId }) => buildId);
    const lease = entityOf<LeaseEntity>(context, LEASE, grant.name, ONCE);
    const left = yield* lease.sweep({ grant, now, dead, seen, sweepId: context.df.instanceId });
    yield* orNothing(once.noteGrants({ grant, ends, left }));
    return left.kind;
  }

  // What the build would have done: end the run, keep its log, delete the template; over as many sweeps as it takes.
  const { attempt, buildId, hasTime } = act;
  const template = yield* once.readTemplate(attempt);
  if (template.kind === "present" && template.run && !isFinal(template.run)) {
    return `run to be cancelled: ${yield* once.cancelRun(attempt)}`;
  }
  const image = imageOfBuild(buildId) ?? "";
  const log = yield* orNothing(once.archiveLogs({ image, buildId, attempt, insists: hasTime, isAfterwards: true }));
  const imageVersions = yield* orNothing(once.readImageVersions({ attempt, expected: 0 }));
  // Both go with the template; but what cannot be read must not keep it for good.
  if (hasTime && !(log && imageVersions)) return "asked for its log and image, to be asked again";
  yield* once.noteOrphan({ image, buildId, log, imageVersions });
  return `log ${log?.kind ?? "lost"}, deletion ${yield* once.deleteTemplate(attempt)}`;
}

/** Raw logs that have been kept for their week go with each sweep. @returns why not. */
function* purgeRawLogs(context: OrchestrationContext): Steps<Unseen[]> {
  try {
    yield* sweepCallsOf(context, USUAL).purgeRawLogs(undefined);
    return [];
  } catch (error) {
    const failure = readFailure(error);
    return [{ what: "raw logs", id: "", error: failure.message, code: codesOf(failure) }];
  }
}
