import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { newBuildId } from "../domain/buildId.ts";
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
  await archive.writeJson(archiveNames.open(buildId), request);
  await startReserved(archive, client, request);
  return "started";
}

/**
 * Keeps a request under an id that no other one has: of very many that come within a second, some draw the same.
 *
 * @returns the request, still to be started.
 */
export async function reserveBuild(archive: Archive, asked: Omit<BuildRequest, "buildId">): Promise<BuildRequest> {
  for (;;) {
    const buildId = newBuildId(asked.image, new Date(), [...crypto.getRandomValues(new Uint8Array(4))]);
    const request = { ...asked, buildId };
    if (await archive.replaceJson(archiveNames.open(buildId), request, undefined)) return request;
  }
}

/** Starts a build whose request is kept. */
export async function startReserved(archive: Archive, client: DurableClient, request: BuildRequest): Promise<void> {
  await archive.writeMark(archiveNames.listed(request.buildId), {});
  await startInstance(client, buildImage, request.buildId, request);
}
