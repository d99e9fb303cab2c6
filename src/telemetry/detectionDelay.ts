import type { TemplateState } from "../domain/templateState.ts";
import { isFinal } from "../domain/templateState.ts";
import type { Answer } from "../durable/answer.ts";
import type { RunningStep } from "./runningStep.ts";
import type { Telemetry } from "./telemetry.ts";

/** Measures how late the end of a run is seen: by the first look of whoever waits for it that shows it. */
export function measureDetection(
  telemetry: Telemetry,
  { name, buildId, spanId }: RunningStep,
  instance: string | undefined,
  answer: Answer,
): void {
  if (name !== "readTemplate" || !instance?.startsWith("wait-") || answer.kind !== "done") return;
  const template = answer.result as TemplateState;
  const run = template.kind === "present" ? template.run : undefined;
  if (!run?.endedAt || !isFinal(run) || !telemetry.isNews(`end ${buildId ?? spanId} ${instance}`)) return;
  // Azure's clock may be ahead of ours.
  const seconds = Math.max(0, (Date.now() - Date.parse(run.endedAt)) / 1000);
  telemetry.measure("goldsmith.detection.delay", seconds, {});
}
