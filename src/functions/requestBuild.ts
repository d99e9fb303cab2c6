import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { readInstance, startInstance } from "../durable/instances.ts";
import { buildImage } from "../orchestrators/buildImage.ts";

/**
 * Starts a build; it waits for its turn by itself. That it was asked for is kept first: whatever becomes of its
 * instance, it ends in a receipt.
 *
 * @returns "known" where a build with this very id was started.
 */
export async function requestBuild(
  archive: Archive,
  client: DurableClient,
  request: BuildRequest,
): Promise<"started" | "known"> {
  const { buildId } = request;
  if (await readInstance(client, buildId)) return "known";
  await Promise.all([
    archive.writeJson(archiveNames.open(buildId), request),
    archive.writeMark(archiveNames.listed(buildId), {}),
  ]);
  await startInstance(client, buildImage, buildId, request);
  return "started";
}
