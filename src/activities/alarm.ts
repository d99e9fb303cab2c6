import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Engine } from "../durable/activities.ts";

/** What the service raises an alarm about; docs/operations.md tells of each what to do. */
export const ALARM_KINDS = ["leftovers", "stuck", "not looked at", "sweep failed", "schedule"] as const;
type AlarmKind = (typeof ALARM_KINDS)[number];

/** A line of the log that somebody must be told of: an alert finds it by its first words. */
export function alarmLine(kind: AlarmKind, text: string): string {
  return `GOLDSMITH ALARM ${kind}: ${text}`;
}

export function alarmActivities(archive: Archive) {
  return {
    /** Tells the operators of what a build has left behind: as an error in the log, and as a document to be found. */
    async raiseAlarm({ buildId, image, cleanUp }: Receipt, { error }: Engine): Promise<void> {
      if (cleanUp.kind === "clean") return;
      const { leftovers } = cleanUp;
      // The log first: it does not need the archive.
      error(alarmLine("leftovers", `${buildId} left ${leftovers.map(({ id }) => id).join(", ")}`));
      await archive.writeJson(archiveNames.alarm(buildId), { kind: "leftovers", buildId, image, leftovers });
    },
  };
}
