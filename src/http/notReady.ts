import type { NotReady, SettingFault } from "../domain/notReady.ts";
import { type Problem, problem } from "../domain/problem.ts";

/** Seconds after which it is worth asking again: an operator has to do something first. */
export const RETRY_UNREADY = { "Retry-After": "60" };

/** The answer to whoever asks for what cannot be done before an operator has mended the settings. */
export function notConfigured({ message, faults }: NotReady): Problem {
  return problem(503, "not-configured", message, { ...faultsTold(faults), owner: "operator" });
}

/** The member of a problem document; none where there is no fault. */
export function faultsTold(faults: readonly SettingFault[]): { settings?: SettingFault[] } {
  if (faults.length === 0) return {};
  // Whoever found it out may know more of it, which is for the log.
  return { settings: faults.map(({ setting, state, mend }) => ({ setting, state, mend })) };
}
