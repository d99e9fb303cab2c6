import type { Archive } from "../azure/archive.ts";
import { keepDecision } from "../azure/followStates.ts";
import { branchOf, isFollowed } from "../domain/follow/followers.ts";
import type { Release } from "../domain/follow/release.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { parentOf, parseResourceId } from "../domain/resourceId.ts";
import type { Engine } from "../durable/activities.ts";
import { noteEnd } from "./noteEnd.ts";
import type { Settings } from "../settings.ts";

export interface FollowedParts {
  settings: Pick<Settings, "subscriptionId">;
  catalogue: AskCatalogue;
  archive: Archive;
  /** Has whoever wants to know of a build be told of its end. */
  giveEnd: NoteEnd;
  /** Has an instance look after a version; one that does so already is left alone. */
  startFollowing: (client: Engine["client"], release: Release, since: string) => Promise<void>;
}

/** What follows from a build's end, once its receipt is kept. */
export type NoteEnd = (receipt: Receipt, engine: Engine) => Promise<void>;

/**
 * Has a build's end told, and takes note of it for its image's schedule and for the images that follow it: begins with
 * the versions that it made, or stops the branch.
 */
export function endNoter({ settings, catalogue, archive, giveEnd, startFollowing }: FollowedParts): NoteEnd {
  const { subscriptionId } = settings;
  return async (receipt, engine) => {
    const { client, error } = engine;
    const { image, buildId, outcome, endedAt } = receipt;
    await giveEnd(receipt, engine);
    await noteEnd(archive, receipt, error);
    const { recipes } = await catalogue();
    if (outcome.kind === "built") {
      for (const release of outcome.imageVersions.flatMap((id) => releaseOf(id, buildId) ?? [])) {
        if (isFollowed(release.source, recipes, subscriptionId)) await startFollowing(client, release, endedAt);
      }
      return;
    }
    const why = outcome.kind === "failed" ? `failed: ${outcome.failure.message}` : `was ${outcome.kind}`;
    for (const { name } of branchOf(image, recipes, subscriptionId)) {
      await keepDecision(archive, name, {
        kind: "stopped",
        why: "parent-failed",
        detail: `There is no new version to be built on: ${buildId} ${why}`.slice(0, LONGEST_DETAIL),
        source: image,
        version: buildId,
        at: endedAt,
      });
    }
  };
}

const LONGEST_DETAIL = 1000;

/** @returns undefined where it is neither an image version nor a managed image. */
function releaseOf(id: string, buildId: string): Release | undefined {
  const parsed = parseResourceId(id);
  const type = parsed?.type.toLowerCase();
  if (type === "microsoft.compute/images") return { source: id, version: buildId };
  if (type !== "microsoft.compute/galleries/images/versions") return undefined;
  return { source: parentOf(id), version: parsed?.names.at(-1) ?? "" };
}
