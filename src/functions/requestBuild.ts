import type { DurableClient } from "durable-functions";
import { z } from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { isUnderWay, readInstance, startInstance } from "../durable/instances.ts";
import { buildImage } from "../orchestrators/buildImage.ts";

const Current = z.object({ buildId: z.string(), since: z.iso.datetime() });

/** Between taking the turn and starting the instance: for so long a turn without an instance counts as taken. */
const STARTING_SECONDS = 120;

export type Requested =
  | { kind: "started" }
  /** A build with this very id was started before. */
  | { kind: "known" }
  /** One build at a time: this one is under way. */
  | { kind: "busy"; buildId: string };

/**
 * Starts a build unless one is under way. A blob holds whose turn it is, written only over the one that was read, so
 * that of two requests at once one gets the turn. A turn ends with its instance: nobody has to give it back.
 */
export async function requestBuild(archive: Archive, client: DurableClient, request: BuildRequest): Promise<Requested> {
  const { buildId } = request;
  if (await readInstance(client, buildId)) return { kind: "known" };
  for (;;) {
    const found = await archive.readJson(archiveNames.current);
    const current = found && Current.parse(found.value);
    if (current && current.buildId !== buildId && (await isTaken(client, current))) {
      return { kind: "busy", buildId: current.buildId };
    }
    const turn = { buildId, since: new Date().toISOString() } satisfies z.infer<typeof Current>;
    if (await archive.replaceJson(archiveNames.current, turn, found?.etag)) break;
  }
  await startInstance(client, buildImage, buildId, request);
  return { kind: "started" };
}

async function isTaken(client: DurableClient, { buildId, since }: z.infer<typeof Current>): Promise<boolean> {
  const instance = await readInstance(client, buildId);
  return instance ? isUnderWay(instance) : Date.now() - Date.parse(since) < STARTING_SECONDS * 1000;
}
