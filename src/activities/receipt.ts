import type { Archive } from "../azure/archive.ts";
import { changeImageHistory } from "../azure/imageHistories.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { withRun } from "../domain/imageHistory.ts";
import { noted, type Orphan } from "../domain/lostReceipt.ts";
import type { Receipt } from "../domain/receipt.ts";

export function receiptActivities(archive: Archive) {
  return {
    /** Keeps what only the build or its template tells: for the receipt of a build that is dead, or may be soon. */
    async noteOrphan({ image, buildId, ...found }: Orphan & { image: string; buildId: string }): Promise<void> {
      const name = archiveNames.orphan(image, buildId);
      const before = ((await archive.readJson(name))?.value ?? {}) as Orphan;
      await archive.writeJson(name, noted(before, found));
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
