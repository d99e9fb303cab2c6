import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { readOrphan } from "../azure/orphans.ts";
import type { ArchivedLog } from "../domain/receipt.ts";
import { readBuild } from "./readBuild.ts";

/**
 * A build's log, as soon as it is archived: before the build ends. "not yet" where that may still come; undefined where
 * there is no such build.
 */
export async function archivedLog(
  sources: { archive: Archive; client: DurableClient },
  { image, id }: { image: string; id: string },
): Promise<ArchivedLog | "not yet" | undefined> {
  const build = await readBuild(sources, { image, id });
  if (!build) return undefined;
  if ("receipt" in build) return build.receipt.log;
  return (await readOrphan(sources.archive, image, id)).log ?? "not yet";
}
