import type { SettingFault } from "./notReady.ts";

/**
 * What something does, by the settings that it goes by: it begins something, or has to do with the template resource
 * group, or ends what there is. What ends something is kept from it by as little as can be: access that a build holds
 * must not outlast its time because a setting is wrong that has nothing to do with it.
 */
export type Work = "begins" | "templates" | "ends";

/** Steps that plan, let in, grant, make, run, or call others. */
export const BEGINNING: ReadonlySet<string> = new Set([
  "planBuild",
  "checkGround",
  "turns.ask",
  "keepScripts",
  "createImage",
  "lease.join",
  "createTemplate",
  "startRun",
  "deliverNext",
  "startFollowers",
  "decideOccurrence",
  "carryOutDecision",
]);

/** Steps that would take what is in the template resource group for gone, were it the wrong one. */
export const OF_TEMPLATES: ReadonlySet<string> = new Set([
  "readTemplate",
  "deleteTemplate",
  "cancelRun",
  "readImageVersions",
  "readImage",
  "deleteImage",
  "stagingGroupExists",
  "readStagingGroup",
]);

/**
 * Settings without which nobody knows what is ours, or where it is noted. With a former principal left out, a grant that it
 * made would count as somebody else's, and stay.
 */
const CORE: ReadonlySet<string> = new Set([
  "AZURE_SUBSCRIPTION_ID",
  "AZURE_CLIENT_ID",
  "GOLDSMITH_SERVICE_PRINCIPAL_ID",
  "GOLDSMITH_FORMER_PRINCIPAL_IDS",
  "GOLDSMITH_INSTALLATION_ID",
  "GOLDSMITH_ARM_ENDPOINT",
  "GOLDSMITH_ARCHIVE",
  "GOLDSMITH_ARCHIVE__blobServiceUri",
  "GOLDSMITH_ARCHIVE_CONTAINER",
]);

/** @param step the name of an activity, or `entity.operation`. */
export function workOf(step: string): Work {
  return BEGINNING.has(step) ? "begins" : OF_TEMPLATES.has(step) ? "templates" : "ends";
}

/** Those of the settings that are wrong which keep it from being done. */
export function inTheWay(faults: readonly SettingFault[], work: Work): readonly SettingFault[] {
  if (work === "begins") return faults;
  return faults.filter(
    ({ setting }) => CORE.has(setting) || (work === "templates" && setting === "GOLDSMITH_TEMPLATE_RESOURCE_GROUP"),
  );
}
