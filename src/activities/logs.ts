import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import type { RawLogs } from "../azure/rawLogs.ts";
import { readOrphan } from "../azure/orphans.ts";
import { newestPackerLogs, type PackerLog } from "../azure/packerLogs.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Attempt } from "../domain/plan.ts";
import { type ArchivedFile, type ArchivedLog, isWholeLog, type Receipt, type UnreadLog } from "../domain/receipt.ts";
import { redact, redactLines } from "../domain/redaction.ts";

/** How long logs are kept as image builder wrote them. */
const RAW_DAYS = 7;

export function logActivities({ reader, blobsAt }: Clients, archive: Archive, raw: RawLogs) {
  return {
    /**
     * Copies the run's logs from image builder's staging storage, which goes with the template, to the archive, with
     * what looks like a secret taken out on the way; and as they are, where the settings ask for it.
     *
     * @param insists whether one log that cannot be kept fails the step as a whole, so that it is repeated.
     * @param isAfterwards of a build that may have kept them itself: what its receipt has the hash of is not replaced.
     */
    async archiveLogs({
      image,
      buildId,
      attempt,
      insists,
      isAfterwards = false,
    }: {
      image: string;
      buildId: string;
      attempt: Attempt;
      insists: boolean;
      isAfterwards?: boolean;
    }): Promise<ArchivedLog> {
      const kept = isAfterwards ? await keptLogs(image, buildId) : [];
      const whole = kept.find(isWholeLog);
      if (whole) return whole;
      const nameOf = kept.some(({ kind }) => kind === "archived") ? archiveNames.lateLog : (name: string) => name;
      const logs = await newestPackerLogs(reader, blobsAt, attempt.stagingResourceGroup);
      if (logs.length === 0) return { kind: "lost", why: "Image builder left no log in its staging storage." };
      const files: ArchivedFile[] = [];
      const unread: UnreadLog[] = [];
      const errors: unknown[] = [];
      for (const log of logs) {
        const fileName = nameOf(log.name);
        try {
          files.push(await keep(log, image, buildId, fileName));
        } catch (error) {
          if (insists) throw error;
          errors.push(error);
          unread.push({ name: log.name, why: redact(error instanceof Error ? error.message : String(error)) });
        }
      }
      if (files.length === 0) throw errors[0];
      return { kind: "archived", files, ...(unread.length > 0 ? { unread } : {}) };
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

  async function keep(log: PackerLog, image: string, buildId: string, fileName: string): Promise<ArchivedFile> {
    const name = archiveNames.log(image, buildId, fileName);
    const file = { name: fileName, ...(await copy(log, name, archive)) };
    const rawUrl = await raw.keep(name, () => log.read());
    return { ...file, ...(rawUrl ? { rawUrl } : {}) };
  }

  /** What the build's receipt says of its log, or will. */
  async function keptLogs(image: string, buildId: string): Promise<ArchivedLog[]> {
    const receipt = (await archive.readJson(archiveNames.receipt(image, buildId)))?.value as Receipt | undefined;
    const { log } = await readOrphan(archive, image, buildId);
    return [receipt?.log, log].filter((one) => one !== undefined);
  }
}

async function copy(log: PackerLog, name: string, archive: Archive): Promise<Omit<ArchivedFile, "name">> {
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
  return { url, bytes, sha256: hash.digest("hex") };
}
