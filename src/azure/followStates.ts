import { archiveNames } from "../domain/archiveNames.ts";
import { type FollowDecision, FollowState, startedOf, withDecision } from "../domain/follow/decision.ts";
import type { Archive } from "./archive.ts";

type Documents = Pick<Archive, "readJson" | "replaceJson">;

/** What was decided of the versions of an image's source, the newest first. */
export async function readFollowState(archive: Documents, image: string): Promise<FollowState> {
  return FollowState.parse((await archive.readJson(archiveNames.follows(image)))?.value);
}

/**
 * Keeps a decision. One that a build was started of is made once: whoever writes first has started it.
 *
 * @returns what holds.
 */
export async function keepDecision(
  archive: Documents,
  image: string,
  decision: FollowDecision,
): Promise<FollowDecision> {
  const name = archiveNames.follows(image);
  for (;;) {
    const found = await archive.readJson(name);
    const before = FollowState.parse(found?.value);
    const after = withDecision(before, decision);
    if (after === before) return startedOf(before, decision) ?? decision;
    if (await archive.replaceJson(name, after, found?.etag)) return decision;
  }
}
