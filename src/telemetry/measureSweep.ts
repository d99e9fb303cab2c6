import type { DurableClient } from "durable-functions";
import { askedAtOf } from "../domain/buildId.ts";
import { sweepDue } from "../domain/sweepDue.ts";
import { startOfSweep } from "../domain/sweepId.ts";
import { type FailedSweep, stated, type SweepReport } from "../domain/sweepReport.ts";
import type { Turn, Turns } from "../domain/turns.ts";
import { readEntity } from "../durable/entities.ts";
import { readInstance } from "../durable/instances.ts";
import { ALL, TURNS } from "../entities/turns.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Measures a sweep that has ended, and what it has found to be there. A queue that cannot be read is not told of.
 *
 * @param schedule of sweeps, in NCRONTAB.
 */
export async function measureSweep(
  telemetry: Telemetry,
  sweep: SweepReport | FailedSweep,
  schedule: string,
  client: DurableClient,
): Promise<void> {
  const { state, report } = stated(sweep);
  if (!telemetry.isNews(`sweep ${report.id}`)) return;
  telemetry.measure("goldsmith.sweeps", 1, { result: state });
  if (state !== "failed") {
    const left = report.orphans.length + report.stuck.length;
    // Where it could not look, there may be more: that nothing is left, only a sweep says that has looked everywhere.
    if (left > 0 || report.unseen.length === 0) telemetry.gauge("goldsmith.leftovers", left);
    const began = startOfSweep(report.id);
    if (began) telemetry.gauge("goldsmith.sweeps.due", sweepDue(schedule, began).getTime() / 1000);
  }
  const read = await readEntity<Turns>(client, TURNS, ALL).then(
    (turns) => ({ waiting: turns?.waiting ?? [] }),
    () => undefined,
  );
  if (!read) return;
  telemetry.gauge("goldsmith.queue.length", read.waiting.length);
  const [first] = read.waiting;
  telemetry.gauge("goldsmith.queue.oldest", first ? await secondsWaited(first, client) : 0);
}

/** As the instance knows that waits; where it cannot be asked, it is since the build was asked for at the most. */
async function secondsWaited({ buildId }: Turn, client: DurableClient): Promise<number> {
  const waiting = await readInstance(client, `${buildId}-turn`).catch(() => undefined);
  const { since = askedAtOf(buildId) } = (waiting?.input ?? {}) as { since?: string };
  return Math.max(0, (Date.now() - Date.parse(since ?? "")) / 1000);
}
