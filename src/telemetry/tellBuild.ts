import type { Receipt } from "../domain/receipt.ts";
import { buildTrace } from "./buildTrace.ts";
import { measureBuild } from "./buildMetrics.ts";
import type { Telemetry } from "./telemetry.ts";

/** Tells of a build that has ended, once its receipt is kept: of each build by one receipt, its first. */
export function tellBuild(telemetry: Telemetry, receipt: Receipt): void {
  if (!telemetry.isNews(`build ${receipt.buildId}`)) return;
  const spans = buildTrace(receipt);
  for (const span of spans) telemetry.span(span);
  if (spans[0]) measureBuild(telemetry, receipt, spans[0]);
}
