import { type NotReady, type SettingFault, waitingFor } from "../domain/notReady.ts";
import { keyStartOf } from "../settingHelp.ts";
import { type Problem, problem } from "../domain/problem.ts";

/** Seconds after which it is worth asking again: an operator has to do something first. */
export const RETRY_UNREADY = { "Retry-After": "60" };

/** The answer to whoever asks for what cannot be done before an operator has mended the settings. */
export function notConfigured({ faults }: NotReady): Problem {
  const told = asTold(faults);
  return problem(503, "not-configured", waitingFor(told), { settings: told, owner: "operator" });
}

/** The member of a problem document; none where there is no fault. */
export function faultsTold(faults: readonly SettingFault[]): { settings?: SettingFault[] } {
  return faults.length === 0 ? {} : { settings: asTold(faults) };
}

/**
 * As anybody may be told: where settings are wrong as they are written, nobody is asked who they are. Whoever found it out
 * may know more, and a key has a name of the company's own, both of which are for the log.
 */
function asTold(faults: readonly SettingFault[]): SettingFault[] {
  const told = faults.map(({ setting, state, mend }) => ({ setting: keyStartOf(setting) ?? setting, state, mend }));
  return [...new Map(told.map((one) => [`${one.setting} ${one.state}`, one])).values()];
}
