import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { newestPackerLogs, type PackerLog } from "../azure/packerLogs.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Attempt } from "../domain/plan.ts";
import type { ArchivedLog } from "../domain/receipt.ts";
import { redactLines } from "../domain/redaction.ts";

type ArchivedFile = Extract<ArchivedLog, { kind: "archived" }>["files"][number];

export function logActivities({ storageAccounts, stagingBlobs }: Clients, archive: Archive) {
  return {
    /** Copies the run's logs from image builder's staging storage, which goes with the template, to the archive. */
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
      for (const log of logs) files.push(await copy(log, archiveNames.log(image, buildId, log.name), archive));
      return { kind: "archived", files };
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
