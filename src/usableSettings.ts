import { inTheWay } from "./domain/work.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type SettingProblem, SettingsUnusable } from "./settingsUnusable.ts";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** What stands in for settings without which there is no service: nothing can be reached or done by it. */
const STAND_INS: Readonly<Record<string, string>> = {
  AZURE_SUBSCRIPTION_ID: NOBODY,
  AZURE_CLIENT_ID: NOBODY,
  GOLDSMITH_INSTALLATION_ID: "unset",
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: "unset",
  GOLDSMITH_SERVICE_PRINCIPAL_ID: NOBODY,
  GOLDSMITH_TRUST_ZONES: "{}",
  GOLDSMITH_IMAGE_CREATION_ROLE: NOBODY,
  GOLDSMITH_NETWORK_JOIN_ROLE: NOBODY,
};

/** Where nobody knows what is ours, nothing is reached either. */
const UNREACHED = {
  GOLDSMITH_ARM_ENDPOINT: "https://unset.invalid",
  GOLDSMITH_ARCHIVE: undefined,
  GOLDSMITH_ARCHIVE__blobServiceUri: "https://unset.invalid",
};

/** What goes with a setting that is left out, by what its name begins with: it would not be whole without it. */
const ALONG: readonly [start: string, along: string][] = [
  ["GOLDSMITH_CALLBACK_SECRET_", "GOLDSMITH_CALLBACK_TARGETS"],
  ["GOLDSMITH_HOOK_SECRET_", "GOLDSMITH_HOOKS"],
  ["GOLDSMITH_APPROVAL_SECRET_", "GOLDSMITH_APPROVAL_SYSTEMS"],
  ["GOLDSMITH_ENTRA_AUDIENCES", "GOLDSMITH_ENTRA_TENANT_ID"],
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings, and what of them is missing or wrong. That is as if it were not set, so that every function is there by
 * its name, and what goes by the other settings can be done: builds that are under way give back what they hold.
 */
export function usableSettings(env: Environment): { settings: Settings; faults: readonly SettingProblem[] } {
  try {
    return { settings: readSettings({ ...env }), faults: [] };
  } catch (error) {
    if (!(error instanceof SettingsUnusable)) throw error;
    const rest = without(env, error.problems);
    // Nothing else to leave out: it would go on for ever.
    if (Object.entries(rest).every(([name, value]) => env[name] === value)) throw error;
    return { settings: usableSettings(rest).settings, faults: error.problems };
  }
}

function without(env: Environment, problems: readonly SettingProblem[]): Environment {
  const rest: Record<string, string | undefined> = { ...env };
  for (const { setting } of problems) {
    rest[setting] = STAND_INS[setting];
    for (const [start, along] of ALONG) if (setting.startsWith(start)) rest[along] = undefined;
  }
  return inTheWay(problems, "ends").length > 0 ? { ...rest, ...UNREACHED } : rest;
}
