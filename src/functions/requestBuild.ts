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

export function drawBuildId(image: string): string {
  return newBuildId(image, new Date(), [...crypto.getRandomValues(new Uint8Array(4))]);
}

/** A request as it is kept, with who keeps it: of very many that come within a second, some draw the same id. */
type Reserved = BuildRequest & { reservedBy: string };

/**
 * Keeps a request under its id, unless somebody else has it.
 *
 * @param by the same of each try: whether it was kept before, its answer may have been lost.
 * @returns "known" where it was kept already, "taken" where the id is somebody else's.
 */
export async function reserveBuild(
  archive: Archive,
  request: BuildRequest,
  by: string,
): Promise<"reserved" | "known" | "taken"> {
  const name = archiveNames.open(request.buildId);
  for (;;) {
    if (await archive.replaceJson(name, { ...request, reservedBy: by } satisfies Reserved, undefined))
      return "reserved";
    const found = await archive.readJson(name);
    // Where it has gone meanwhile, nobody can tell any more whose it was.
    if (found) return (found.value as Reserved | undefined)?.reservedBy === by ? "known" : "taken";
  }
}

/** Starts a build whose request is kept. */
export async function startReserved(archive: Archive, client: DurableClient, request: BuildRequest): Promise<void> {
  await archive.writeMark(archiveNames.listed(request.buildId), {});
  await startInstance(client, buildImage, request.buildId, request);
}
