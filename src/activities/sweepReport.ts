import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Unseen } from "../domain/observation.ts";
import { triesOf } from "../domain/sweepAct.ts";
import type { Marks } from "../domain/sweepMarks.ts";
import { type FailedSweep, isQuiet, type SweepReport, type SweepWork } from "../domain/sweepReport.ts";
import type { Engine } from "../durable/activities.ts";
import { ALARM } from "./alarm.ts";

/** Under which the operators find what the sweeper has to tell them. */
const SWEEPER = "sweeper";
/** Days for which the work of a sweep is kept that did not come to its end. */
const WORK_DAYS = 7;

export function sweepReportActivities(archive: Archive) {
  async function keep(report: SweepReport | FailedSweep, isWorthIt: boolean): Promise<void> {
    await archive.writeJson(archiveNames.sweep("latest"), report);
    if (isWorthIt) await archive.writeJson(archiveNames.sweep(report.id), report);
  }

  /** As errors in the log, which does not need the archive, and as a document to be found. */
  async function raise(alarm: { sweep: string } & Record<string, unknown>, lines: string[], engine: Engine) {
    for (const line of lines) engine.error(`${ALARM} ${line}`);
    await archive.writeJson(archiveNames.alarm(SWEEPER), { kind: "sweep", at: new Date().toISOString(), ...alarm });
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
      const done = work.done.filter((one) => one !== null);
      const unseen = [...found.unseen, ...missed];
      const report: SweepReport = { ...found, unseen, id, dryRun, done, marks: marks.since };
      await keep(report, dryRun || !isQuiet(report));
      if (!dryRun) {
        await archive.writeJson(archiveNames.marks, withResults(marks, work));
        const { stuck } = report;
        if (unseen.length > 0 || stuck.length > 0) {
          const blind = unseen.map(({ what, id: place, error }) => `not looked at: ${what} ${place}: ${error}`);
          const staying = stuck.map(
            (one) => `stuck: ${one.what} ${one.id} in ${one.sweeps} sweeps: ${one.last ?? "unknown"}`,
          );
          await raise({ sweep: id, unseen, stuck }, [...blind, ...staying], engine);
        }
      }
      const old = new Date(Date.now() - WORK_DAYS * 24 * 3_600_000);
      for (const name of await archive.namesBefore(archiveNames.sweepWorks, old)) {
        await archive.delete(name);
      }
      await archive.delete(archiveNames.sweepWork(id));
    },

    /** Says of a sweep that it did not come to its end, and why. */
    async reportFailure(failed: FailedSweep, engine: Engine): Promise<void> {
      await raise(
        { sweep: failed.id, failure: failed.failure },
        [`sweep failed: ${failed.id}: ${failed.failure}`],
        engine,
      );
      await keep(failed, true);
    },
  };
}

/** What is tried again says how it went last. */
function withResults(marks: Marks, { acts, done }: SweepWork): Marks {
  const tries = { ...marks.tries };
  for (const [index, act] of acts.entries()) {
    const last = done[index]?.result;
    for (const key of triesOf(act)) if (tries[key] && last) tries[key] = { ...tries[key], last };
  }
  return { ...marks, tries };
}
