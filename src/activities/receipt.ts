import type { Archive } from "../azure/archive.ts";
import { changeImageHistory } from "../azure/imageHistories.ts";
import { noteOrphan } from "../azure/orphans.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { withRun } from "../domain/imageHistory.ts";
import type { Orphan } from "../domain/lostReceipt.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Engine } from "../durable/activities.ts";
import type { NoteEnd } from "./endNoter.ts";

export type TellEnd = (receipt: Receipt) => void;

/** Has the list of builds tell how one has ended. */
export async function listEnded(archive: Archive, { buildId, outcome, endedAt }: Receipt): Promise<void> {
  await archive.writeMark(archiveNames.listed(buildId), { state: outcome.kind, ended: endedAt });
}

/** @param tellEnd tells of a build to those who watch the service. */
export function receiptActivities(archive: Archive, noteEnd: NoteEnd, tellEnd: TellEnd) {
  return {
    /** Keeps what of a build would go with its template, or with its instance. */
    async noteOrphan(orphan: Orphan & { image: string; buildId: string }): Promise<void> {
      await noteOrphan(archive, orphan);
    },

    /** Keeps the receipt, remembers how long a successful run took, and does what follows from the build's end. */
    async writeReceipt(receipt: Receipt, engine: Engine): Promise<void> {
      const { image, buildId, outcome } = receipt;
      const name = archiveNames.receipt(image, buildId);
      // Delivered a second time, the run must not count twice.
      const first = (await archive.readJson(name)) === undefined;
      await archive.writeJson(name, receipt);
      if (first) tellEnd(receipt);
      await listEnded(archive, receipt);
      if (first && outcome.kind === "built") {
        await changeImageHistory(archive, image, (history) => withRun(history, outcome.runSeconds));
      }
      await noteEnd(receipt, engine);
      await archive.delete(archiveNames.open(buildId));
    },
  };
}
