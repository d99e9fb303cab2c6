import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { canonicalJson, Claim, isAbandoned, isForgotten, STARTING_SECONDS } from "../domain/idempotency.ts";
import type { Json } from "../domain/json.ts";
import { problem } from "../domain/problem.ts";
import { readInstance } from "../durable/instances.ts";
import { Refused } from "../http/door.ts";
import { waitingRoom } from "../http/waitingRoom.ts";
import { sha256 } from "../sha256.ts";
import { drawBuildId, reserveBuild, startReserved } from "./requestBuild.ts";

/** By what a request is known that comes again. */
export interface KnownBy {
  /** Whose key it is: the keys of two callers are never the same. */
  caller: string;
  key: string;
  /** What was asked for, as it was asked for. */
  body: object;
}

/** Requests with the key of one that is just starting its build wait for it: not fewer than a host takes at a time. */
const MOST_WAITING = 1000;
const lookUntil = waitingRoom(MOST_WAITING);

/**
 * Starts a build, or finds the one that was started by the same key. When it returns, the engine has the build: whoever
 * came first may have been killed before it did that.
 *
 * @param by undefined: each request is another one.
 * @param refusal why no build may be begun; one that was begun by the same key is found all the same.
 * @returns the build's id.
 * @throws Refused where something else was asked for by this key.
 */
export async function startOnce(
  archive: Archive,
  client: DurableClient,
  asked: Omit<BuildRequest, "buildId">,
  by: KnownBy | undefined,
  refusal?: Refused,
): Promise<string> {
  if (!by) {
    if (refusal) throw refusal;
    return startUnkeyed(archive, client, asked);
  }
  const name = archiveNames.claim(sha256(JSON.stringify([by.caller, by.key])));
  const fingerprint = sha256(canonicalJson({ image: asked.image, body: by.body as Json }));
  const starter = crypto.randomUUID();

  async function look() {
    const found = await archive.readJson(name);
    const claim = Claim.safeParse(found?.value).data;
    return { claim: claim && !isForgotten(claim, new Date()) ? claim : undefined, etag: found?.etag };
  }
  const isNews = ({ claim }: Awaited<ReturnType<typeof look>>) =>
    !claim ||
    claim.started ||
    claim.starter === starter ||
    claim.fingerprint !== fingerprint ||
    isAbandoned(claim, new Date());
  const take = (etag: string | undefined, before?: Claim) => {
    const now = new Date().toISOString();
    const first = { buildId: drawBuildId(asked.image), fingerprint, claimedAt: now, started: false };
    return archive.replaceJson(name, { ...first, ...before, starter, startingAt: now } satisfies Claim, etag);
  };

  if (refusal) {
    const { claim } = await look();
    if (!claim?.started || claim.fingerprint !== fingerprint) throw refusal;
    return claim.buildId;
  }
  await take(undefined);
  for (;;) {
    const { claim, etag } = await lookUntil(look, isNews, STARTING_SECONDS);
    if (!claim) await take(etag);
    else if (claim.fingerprint !== fingerprint) throw new Refused(REUSED);
    else if (claim.started) return claim.buildId;
    else if (claim.starter !== starter) {
      if (isAbandoned(claim, new Date())) await take(etag, claim);
    } else if (await startClaimed(archive, client, { ...asked, buildId: claim.buildId }, name)) {
      await archive.writeJson(name, { ...claim, started: true } satisfies Claim);
      return claim.buildId;
    } else await take(etag, { ...claim, buildId: drawBuildId(asked.image) });
  }
}

async function startUnkeyed(
  archive: Archive,
  client: DurableClient,
  asked: Omit<BuildRequest, "buildId">,
): Promise<string> {
  const by = crypto.randomUUID();
  for (;;) {
    const request = { ...asked, buildId: drawBuildId(asked.image) };
    if ((await reserveBuild(archive, request, by)) === "taken") continue;
    await startReserved(archive, client, request);
    return request.buildId;
  }
}

/**
 * Starts a build whose id is kept with a key, unless whoever was taken to be gone has started it, or is starting it. What
 * has a receipt has ended, by itself or closed by the sweeper: it is not started again.
 *
 * @returns false where the id is another build's.
 */
async function startClaimed(
  archive: Archive,
  client: DurableClient,
  request: BuildRequest,
  claim: string,
): Promise<boolean> {
  const { image, buildId } = request;
  const isThere = async () => (await readInstance(client, buildId)) !== undefined;
  const reserved = await reserveBuild(archive, request, claim);
  if (reserved === "taken") return false;
  if (await archive.readJson(archiveNames.receipt(image, buildId))) {
    // What was there before goes with whoever is about to close the build.
    if (reserved === "reserved") await archive.delete(archiveNames.open(buildId));
    return true;
  }
  if (await isThere()) return true;
  try {
    await startReserved(archive, client, request);
  } catch (error) {
    if (!(await isThere())) throw error;
  }
  return true;
}

const REUSED = problem(
  409,
  "idempotency-key-reused",
  "Something else was asked for by this key within the last seven days: take another key for it.",
);
