import type { Archive } from "../azure/archive.ts";
import { changeImageHistory } from "../azure/imageHistories.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { withRun } from "../domain/imageHistory.ts";
import type { Orphan } from "../domain/lostReceipt.ts";
import type { Receipt } from "../domain/receipt.ts";

export function receiptActivities(archive: Archive) {
  return {
    /** Keeps what only the template tells before it goes: for the receipt of a build that is dead, or may be soon. */
    async noteOrphan({
      image,
      buildId,
      log,
      imageVersions,
    }: Orphan & { image: string; buildId: string }): Promise<void> {
      const name = archiveNames.orphan(image, buildId);
      const before = (await archive.readJson(name))?.value as Orphan | undefined;
      // A second sweep that is under way finds nothing any more of what the first has noted and deleted.
      const known = {
        log: before?.log?.kind === "archived" ? before.log : (log ?? before?.log),
        imageVersions: before?.imageVersions?.length ? before.imageVersions : (imageVersions ?? before?.imageVersions),
      };
      await archive.writeJson(name, known satisfies Orphan);
    },

    /** Keeps the receipt, and remembers how long a successful run took. */
    async writeReceipt(receipt: Receipt): Promise<void> {
      const { image, buildId, outcome } = receipt;
      const name = archiveNames.receipt(image, buildId);
      // Delivered a second time, the run must not count twice.
      const first = (await archive.readJson(name)) === undefined;
      await archive.writeJson(name, receipt);
      await archive.delete(archiveNames.open(buildId));
      if (first && outcome.kind === "built") {
        await changeImageHistory(archive, image, (history) => withRun(history, outcome.runSeconds));
      }
    },
  };
}
