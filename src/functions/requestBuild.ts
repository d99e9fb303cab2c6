import type { DurableClient } from "durable-functions";
import { z } from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { isUnderWay, readInstance, startInstance } from "../durable/instances.ts";
import { buildImage } from "../orchestrators/buildImage.ts";

const Turn = z.object({ buildId: z.string(), since: z.iso.datetime() });
type Turn = z.infer<typeof Turn>;

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
    const { turn, etag } = await readTurn(archive);
    if (turn && turn.buildId !== buildId && (await isTaken(client, turn))) {
      return { kind: "busy", buildId: turn.buildId };
    }
    const own: Turn = { buildId, since: new Date().toISOString() };
    if (await archive.replaceJson(archiveNames.current, own, etag)) break;
  }
  await startInstance(client, buildImage, buildId, request);
  return { kind: "started" };
}

/** Whether a build that has no instance has the turn, so that it may get one any moment. */
export async function isAboutToStart(archive: Archive, buildId: string): Promise<boolean> {
  const { turn } = await readTurn(archive);
  return turn?.buildId === buildId && isFresh(turn);
}

/** A document that is not of our form is nobody's turn: it is written over, rather than refusing every build for good. */
async function readTurn(archive: Archive): Promise<{ turn: Turn | undefined; etag: string | undefined }> {
  const found = await archive.readJson(archiveNames.current);
  return { turn: Turn.safeParse(found?.value).data, etag: found?.etag };
}

async function isTaken(client: DurableClient, turn: Turn): Promise<boolean> {
  const instance = await readInstance(client, turn.buildId);
  return instance ? isUnderWay(instance) : isFresh(turn);
}

function isFresh({ since }: Turn): boolean {
  return Date.now() - Date.parse(since) < STARTING_SECONDS * 1000;
}
