import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../activities/index.ts";
import type { SweepActivities } from "../activities/sweep.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { StepFailed } from "../domain/failure.ts";
import type { SweepAct, SweepPlan, SweepReport } from "../domain/sweep.ts";
import { isFinal } from "../domain/templateState.ts";
import { type Calls, callsOf } from "../durable/activities.ts";
import type { Steps } from "../durable/call.ts";
import { entityOf } from "../durable/entities.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { startAnew } from "../durable/time.ts";
import { LEASE, type LeaseEntity } from "../entities/lease.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { orNothing } from "./look.ts";
import { ONCE, USUAL } from "./patience.ts";

export interface Sweep {
  dryRun: boolean;
  /** Of later generations: what was found, and what of it has been done. */
  begun?: { plan: SweepPlan; done: SweepReport["done"] };
}

/** Acts after which it starts anew, so that its history stays short however much there is to remove. */
const ACTS_A_GENERATION = 8;

/** Holds what there is in Azure against the leases and the builds under way, and removes what nobody holds. */
export const sweep: Orchestrator<Sweep, SweepReport> = {
  name: "sweep",
  *body(context, { dryRun, begun }) {
    const act = callsOf<SweepActivities>(context, USUAL);
    const tidy = callsOf<BuildActivities>(context, USUAL);
    const plan = begun?.plan ?? (yield* findOut(context, act, dryRun));
    const done = begun?.done ?? [];

    for (const one of plan.acts.slice(done.length, done.length + ACTS_A_GENERATION)) {
      const result = dryRun ? "would be done" : yield* tried(carryOut(context, one, plan));
      done.push({ what: one.kind, id: one.id, result });
    }
    if (done.length < plan.acts.length) return startAnew(context, { dryRun, begun: { plan, done } } satisfies Sweep);

    if (!dryRun) yield* tidy.purgeRawLogs(undefined);

    const { acts: _, ...rest } = plan;
    const report: SweepReport = { ...rest, id: context.df.instanceId, dryRun, done };
    yield* act.reportSweep({ report, plan });
    return report;
  },
};

function* findOut(context: OrchestrationContext, act: Calls<SweepActivities>, dryRun: boolean): Steps<SweepPlan> {
  const { buildIds: queued } = yield* entityOf<TurnsEntity>(context, TURNS, ALL, USUAL).list({});
  return yield* act.planSweep({ queued, dryRun });
}

/** What fails is the next sweep's turn again. */
function* carryOut(context: OrchestrationContext, act: SweepAct, { now }: SweepPlan): Steps<string> {
  const once = callsOf<BuildActivities & SweepActivities>(context, ONCE);
  if (act.kind === "release grant") {
    const { grant, dead, seen } = act;
    return (yield* entityOf<LeaseEntity>(context, LEASE, grant.name, ONCE).sweep({ grant, now, dead, seen })).kind;
  }
  if (act.kind === "give turn back") {
    const turns = entityOf<TurnsEntity>(context, TURNS, ALL, ONCE);
    const { next } = yield* turns.giveBack({ buildIds: [act.id] });
    for (const one of next) yield* once.wake({ instanceId: `${one}-turn`, wake: { stop: false } });
    return "given back";
  }
  if (act.kind === "close build") return yield* once.closeBuild({ buildId: act.id, leftovers: act.leftovers });

  // What the build would have done: end the run, keep its log, delete the template; over as many sweeps as it takes.
  const { attempt, buildId, hasTime } = act;
  const template = yield* once.readTemplate(attempt);
  if (template.kind === "present" && template.run && !isFinal(template.run)) {
    return `run to be cancelled: ${yield* once.cancelRun(attempt)}`;
  }
  const image = imageOfBuild(buildId) ?? "";
  const log = yield* orNothing(once.archiveLogs({ image, buildId, attempt }));
  const imageVersions = yield* orNothing(once.readImageVersions({ attempt, areExpected: false }));
  // Both go with the template; but what cannot be read must not keep it for good.
  if (hasTime && !(log && imageVersions)) return "asked for its log and image, to be asked again";
  yield* once.noteOrphan({ image, buildId, log, imageVersions });
  return `log ${log?.kind ?? "lost"}, deletion ${yield* once.deleteTemplate(attempt)}`;
}

function* tried(steps: Steps<string>): Steps<string> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof StepFailed) return `failed: ${error.message}`;
    throw error;
  }
}
