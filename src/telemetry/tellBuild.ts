import type { Receipt } from "../domain/receipt.ts";
import { buildTrace } from "./buildTrace.ts";
import { measureBuild } from "./buildMetrics.ts";
import { logLine } from "./logLine.ts";
import { runningStep } from "./runningStep.ts";
import type { Telemetry } from "./telemetry.ts";

/** Tells of a build that has ended, once its receipt is kept: of each build by one receipt, its first. */
export function tellBuild(telemetry: Telemetry, receipt: Receipt): void {
  logEnd(receipt);
  if (!telemetry.isNews(`build ${receipt.buildId}`)) return;
  const spans = buildTrace(receipt);
  for (const span of spans) telemetry.span(span);
  if (spans[0]) measureBuild(telemetry, receipt, spans[0]);
}

/** Why there is no image; of a build that was refused all that stood in the way. */
function codeOf(outcome: Receipt["outcome"]): string | undefined {
  if (outcome.kind === "failed") return outcome.failure.code;
  if (outcome.kind !== "refused") return undefined;
  return outcome.findings.flatMap(({ severity, code }) => (severity === "blocks" ? code : [])).join(", ");
}

function logEnd({ buildId, image, startedAt, endedAt, outcome, cleanUp }: Receipt): void {
  const code = codeOf(outcome);
  const seconds = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  const facts = { image, outcome: outcome.kind, code, cleanup: cleanUp.kind, seconds };
  runningStep()?.log("log", logLine("build ended", `${buildId} is ${outcome.kind}, and ${cleanUp.kind}`, facts));
}
