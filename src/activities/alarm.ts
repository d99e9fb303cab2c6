import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Engine } from "../durable/activities.ts";

/** What begins a line of the log that somebody must be told of. */
export const ALARM = "GOLDSMITH ALARM";

export function alarmActivities(archive: Archive) {
  return {
    /** Tells the operators of what a build has left behind: as an error in the log, and as a document to be found. */
    async raiseAlarm({ buildId, image, cleanUp }: Receipt, { error }: Engine): Promise<void> {
      if (cleanUp.kind === "clean") return;
      const { leftovers } = cleanUp;
      // The log first: it does not need the archive.
      error(`${ALARM} leftovers: ${buildId} left ${leftovers.map(({ id }) => id).join(", ")}`);
      await archive.writeJson(archiveNames.alarm(buildId), { kind: "leftovers", buildId, image, leftovers });
    },
  };
}
