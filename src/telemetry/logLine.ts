import { toldShort } from "../domain/toldShort.ts";
import { runningStep } from "./runningStep.ts";

/** Facts of a line beside its text, none of which is anybody's words. */
export type LogFacts = Record<string, string | number | boolean | undefined>;

/**
 * A line of the log: JSON, with what it is about and where in which trace. The text is redacted and bounded, since it may
 * repeat what Azure or a caller has said.
 *
 * @param event what happened, in words that stay the same.
 */
export function logLine(event: string, message: string, facts: LogFacts = {}): string {
  const { name: step, buildId, phase, traceId, spanId } = runningStep() ?? {};
  return JSON.stringify({ event, message: toldShort(message), buildId, phase, step, traceId, spanId, ...facts });
}
