import type { DurableClient } from "durable-functions";
import { askedAtOf } from "../domain/buildId.ts";
import { type FailedSweep, stated, type SweepReport } from "../domain/sweepReport.ts";
import type { Turns } from "../domain/turns.ts";
import { readEntity } from "../durable/entities.ts";
import { ALL, TURNS } from "../entities/turns.ts";
import type { Telemetry } from "./telemetry.ts";

/** Measures a sweep that has ended, and what it has found to be there. A queue that cannot be read is not told of. */
export async function measureSweep(
  telemetry: Telemetry,
  sweep: SweepReport | FailedSweep,
  client: DurableClient,
): Promise<void> {
  const { state, report } = stated(sweep);
  if (!telemetry.isNews(`sweep ${report.id}`)) return;
  telemetry.measure("goldsmith.sweeps", 1, { result: state });
  if (state !== "failed") telemetry.gauge("goldsmith.leftovers", report.orphans.length + report.stuck.length);
  const read = await readEntity<Turns>(client, TURNS, ALL).then(
    (turns) => ({ waiting: turns?.waiting ?? [] }),
    () => undefined,
  );
  if (!read) return;
  const asked = read.waiting.map(({ buildId }) => Date.parse(askedAtOf(buildId) ?? ""));
  const now = Date.now();
  telemetry.gauge("goldsmith.queue.length", asked.length);
  telemetry.gauge("goldsmith.queue.oldest", Math.max(0, ...asked.map((at) => (now - at) / 1000)));
}
