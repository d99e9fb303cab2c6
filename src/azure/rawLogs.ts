import { Readable } from "node:stream";
import { archiveNames } from "../domain/archiveNames.ts";
import { StepFailed } from "../domain/failure.ts";
import { logLine } from "../telemetry/logLine.ts";
import { runningStep } from "../telemetry/runningStep.ts";
import { whyOf } from "../telemetry/whyOf.ts";
import type { Archive } from "./archive.ts";

const SETTING = "GOLDSMITH_RAW_LOG_CONTAINER";

/** Logs as image builder wrote them, for a while. */
export interface RawLogs {
  /** @returns the blob's URL; empty where raw logs are not to be kept, or could not. */
  keep(name: string, read: () => Promise<NodeJS.ReadableStream>): Promise<string>;
  /** Deletes those written before, in every container that has ever been used for them. @returns how many. */
  purge(before: Date): Promise<number>;
}

/**
 * @param container for raw logs from now on; undefined where none are kept. Those of before are deleted all the same:
 * the archive remembers where they are.
 */
export function rawLogs(
  archive: Archive,
  open: (container: string) => Archive,
  { rawLogContainer: container, archiveContainer }: { rawLogContainer: string | undefined; archiveContainer: string },
): RawLogs {
  async function purgeOne(one: string, before: Date): Promise<number> {
    const blobs = open(one);
    const logs = (await blobs.list("builds/")).filter(({ name }) => archiveNames.isLog(name));
    const old = logs.filter(({ written }) => written < before);
    for (const { name } of old) await blobs.delete(name);
    // The one in use stays remembered, since a log may be on its way into it; another is forgotten with its last log.
    if (one !== container && old.length === logs.length) {
      await archive.delete(archiveNames.rawLogContainer(one));
    }
    return old.length;
  }

  return {
    async keep(name, read) {
      if (!container) return "";
      try {
        await archive.writeJson(archiveNames.rawLogContainer(container), { container });
        return await open(container).writeText(name, Readable.from(await read()));
      } catch (error) {
        // The redacted one is what a build keeps; without the raw one it is no worse. Whoever wants them has to know.
        const { why, code } = whyOf(error);
        const text = `${name} is not kept as it is in the container of ${SETTING}: ${why}`;
        runningStep()?.log("warn", logLine("raw log not kept", text, { setting: SETTING, code }));
        return "";
      }
    },

    async purge(before) {
      const remembered = (await archive.names(archiveNames.rawLogContainers)).map(archiveNames.containerOf);
      const all = new Set([...remembered, ...(container ? [container] : [])]);
      // What lies under such names in the archive itself are redacted logs, which stay.
      all.delete(archiveContainer);
      let deleted = 0;
      const errors: unknown[] = [];
      for (const one of all) {
        try {
          deleted += await purgeOne(one, before);
        } catch (error) {
          // A container that is gone has taken its logs along; one that cannot be read keeps nobody from the others.
          if (isGone(error)) await archive.delete(archiveNames.rawLogContainer(one));
          else errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
      return deleted;
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof StepFailed && error.failure.code === "ContainerNotFound";
}
