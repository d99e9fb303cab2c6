import type { SettingFault } from "./domain/notReady.ts";
import { mendOf } from "./settingHelp.ts";

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

/** For the log. */
export const lineOf = ({ setting, why, mend }: SettingProblem) => `${setting}: ${why}. ${mend}`;

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
