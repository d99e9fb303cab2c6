import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import type { RawLogs } from "../azure/rawLogs.ts";
import { newestPackerLogs, type PackerLog } from "../azure/packerLogs.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Attempt } from "../domain/plan.ts";
import type { ArchivedFile, ArchivedLog } from "../domain/receipt.ts";
import { redactLines } from "../domain/redaction.ts";

/** How long logs are kept as image builder wrote them. */
const RAW_DAYS = 7;

export function logActivities({ storageAccounts, stagingBlobs }: Clients, archive: Archive, raw: RawLogs) {
  return {
    /**
     * Copies the run's logs from image builder's staging storage, which goes with the template, to the archive, with
     * what looks like a secret taken out on the way; and as they are, where the settings ask for it.
     */
    async archiveLogs({
      image,
      buildId,
      attempt,
    }: {
      image: string;
      buildId: string;
      attempt: Attempt;
    }): Promise<ArchivedLog> {
      const logs = await newestPackerLogs(storageAccounts, stagingBlobs, attempt.stagingResourceGroup);
      if (logs.length === 0) return { kind: "lost", why: "Image builder left no log in its staging storage." };
      const files: ArchivedFile[] = [];
      for (const log of logs) {
        const name = archiveNames.log(image, buildId, log.name);
        const file = await copy(log, name, archive);
        const rawUrl = await raw.keep(name, () => log.read());
        files.push({ ...file, ...(rawUrl ? { rawUrl } : {}) });
      }
      return { kind: "archived", files };
    },

    /**
     * Deletes the raw logs that have been kept for a week, and nothing else; also where none are kept any more.
     *
     * @returns how many.
     */
    async purgeRawLogs(): Promise<number> {
      return raw.purge(new Date(Date.now() - RAW_DAYS * 24 * 3_600_000));
    },
  };
}

async function copy(log: PackerLog, name: string, archive: Archive): Promise<ArchivedFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* measured(source: NodeJS.ReadableStream) {
    for await (const text of redactLines(source)) {
      const chunk = Buffer.from(text, "utf8");
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const url = await archive.writeText(name, Readable.from(measured(await log.read())));
  return { name: log.name, url, bytes, sha256: hash.digest("hex") };
}
