import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Unseen } from "../domain/observation.ts";
import { buildsOf, triesOf } from "../domain/sweepAct.ts";
import type { Marks } from "../domain/sweepMarks.ts";
import { type FailedSweep, isQuiet, type SweepReport, type SweepWork } from "../domain/sweepReport.ts";
import type { Engine } from "../durable/activities.ts";
import type { Settings } from "../settings.ts";
import { measureSweep } from "../telemetry/measureSweep.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { alarmLine } from "./alarm.ts";

/** Under which the operators find what the sweeper has to tell them. */
const SWEEPER = "sweeper";
/** Hours after which it is asked what has become of a sweep whose work still lies there. */
const LONGEST_SWEEP_HOURS = 2;
/** Of what a version before this one has noted: it kept the words alone. */
const NO_CODE = "no code";

export function sweepReportActivities(
  archive: Archive,
  telemetry: Telemetry,
  { sweepSchedule }: Pick<Settings, "sweepSchedule">,
) {
  async function keep(report: SweepReport | FailedSweep, isWorthIt: boolean): Promise<void> {
    await archive.writeJson(archiveNames.sweep("latest"), report);
    if (isWorthIt) await archive.writeJson(archiveNames.sweep(report.id), report);
  }

  /** As errors in the log, which does not need the archive and has the codes alone, and as a document with the words. */
  async function raise(alarm: { sweep: string } & Record<string, unknown>, lines: string[], engine: Engine) {
    for (const line of lines) engine.error(line);
    await archive.writeJson(archiveNames.alarm(SWEEPER), { kind: "sweep", at: new Date().toISOString(), ...alarm });
  }

  /** Earlier sweeps that somebody has ended, or that are lost. */
  async function lostSweeps({ client }: Engine): Promise<string[]> {
    const before = new Date(Date.now() - LONGEST_SWEEP_HOURS * 3_600_000);
    const lost: string[] = [];
    for (const name of await archive.namesBefore(archiveNames.sweepWorks, before)) {
      const id = name.replace(archiveNames.sweepWorks, "").replace(/\.json$/, "");
      const instance = await readInstance(client, id);
      if (!instance || !isUnderWay(instance)) lost.push(id);
    }
    return lost;
  }

  return {
    /**
     * Keeps a sweep's report where it can be read; of those that found nothing only the last. Tells the operators what
     * it could not look at, and what stays however often it is removed.
     *
     * @param missed what failed beside the sweep itself.
     */
    async reportSweep(
      { id, dryRun, missed }: { id: string; dryRun: boolean; missed: Unseen[] },
      engine: Engine,
    ): Promise<void> {
      const work = (await archive.readJson(archiveNames.sweepWork(id)))?.value as SweepWork | undefined;
      // Delivered a second time: all is said.
      if (!work?.found) return;
      const { marks, ...found } = work.found;
      const done = work.done.flatMap((one, index) => (one ? { ...one, ...buildsOf(work.acts[index]) } : []));
      const lost = dryRun ? [] : await lostSweeps(engine);
      const unseen = [...found.unseen, ...missed, ...lost.map(asUnseen)];
      const report: SweepReport = { ...found, unseen, id, dryRun, done, marks: marks.since };
      await keep(report, dryRun || !isQuiet(report));
      if (!dryRun) {
        await archive.writeJson(archiveNames.marks, withResults(marks, work));
        const { stuck } = report;
        if (unseen.length > 0 || stuck.length > 0) {
          const blind = unseen.map((one) =>
            alarmLine("not looked at", `${one.what} ${one.id}: ${one.code ?? NO_CODE}`),
          );
          const staying = stuck.map((one) =>
            alarmLine("stuck", `${one.what} ${one.id} in ${one.sweeps} sweeps: ${one.code ?? NO_CODE}`),
          );
          await raise({ sweep: id, unseen, stuck }, [...blind, ...staying], engine);
        }
      }
      if (!dryRun) await measureSweep(telemetry, report, sweepSchedule, engine.client);
      for (const one of lost) await archive.delete(archiveNames.sweepWork(one));
      await archive.delete(archiveNames.sweepWork(id));
    },

    /** Says of a sweep that it did not come to its end, and why. */
    async reportFailure(failed: FailedSweep, engine: Engine): Promise<void> {
      await raise(
        { sweep: failed.id, failure: failed.failure },
        [alarmLine("sweep failed", `${failed.id}: ${failed.code ?? NO_CODE}`)],
        engine,
      );
      await keep(failed, true);
      if (!failed.dryRun) await measureSweep(telemetry, failed, sweepSchedule, engine.client);
      await archive.delete(archiveNames.sweepWork(failed.id));
    },
  };
}

function asUnseen(lostSweep: string): Unseen {
  const error = "It did not come to its end, and did not say why.";
  return { what: "sweep", id: lostSweep, error, code: "sweep-lost" };
}

/** What is tried again says how it went last. */
function withResults(marks: Marks, { acts, done }: SweepWork): Marks {
  const tries = { ...marks.tries };
  for (const [index, act] of acts.entries()) {
    const one = done[index];
    if (!one) continue;
    const code = one.failed ? (one.code ?? NO_CODE) : one.result;
    for (const key of triesOf(act)) if (tries[key]) tries[key] = { ...tries[key], last: one.result, code };
  }
  return { ...marks, tries };
}
