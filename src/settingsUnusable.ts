import type { SettingFault } from "./domain/notReady.ts";
import { mendOf } from "./settingHelp.ts";
import { logLine } from "./telemetry/logLine.ts";

/** A setting that is missing or wrong; `why` is for the log, since what was read may stand in it by its names. */
export interface SettingProblem extends SettingFault {
  why: string;
}

/** By these words an alert finds it in the log. */
export const UNUSABLE = "The application settings are not usable";

/** The application settings are not usable: all that is wrong, one entry a setting; never a value, which may be a secret. */
export class SettingsUnusable extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(`${UNUSABLE}:\n  ${problems.map(lineOf).join("\n  ")}`);
    this.name = "SettingsUnusable";
    this.problems = problems;
  }
}

const lineOf = ({ setting, why, mend }: SettingProblem) => `${setting}: ${why}. ${mend}`;

/** A line of the log for each; where there is no `why`, Azure has shown that it is wrong. */
export function logUnusable(faults: readonly (SettingFault & { why?: string })[]): void {
  for (const { why = "does not go with what Azure shows", ...fault } of faults) {
    const { setting, state } = fault;
    console.error(logLine("setting not usable", `${UNUSABLE}. ${lineOf({ ...fault, why })}`, { setting, state }));
  }
}

/** @param lines each the name of a setting, with the path in it where it has one, a colon, and what is wrong. */
export function problemsOf(
  lines: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SettingProblem[] {
  const whys = new Map<string, string[]>();
  for (const line of lines) {
    const [, setting = "", path = "", why = ""] = /^([^.:]+)(?:\.([^:]*))?: ([^]*)$/.exec(line) ?? [];
    whys.set(setting, [...(whys.get(setting) ?? []), path ? `at ${path}: ${why}` : why]);
  }
  return [...whys].map(([setting, why]) => {
    const state = env[setting] ? "wrong" : "missing";
    return { setting, state, why: state === "missing" ? "is missing" : why.join("; "), mend: mendOf(setting) };
  });
}
