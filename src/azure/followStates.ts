import { archiveNames } from "../domain/archiveNames.ts";
import { type FollowDecision, FollowState, startedOf, withDecision } from "../domain/follow/decision.ts";
import { type Archive, changeJson, type Document } from "./archive.ts";

type Documents = Pick<Archive, "readJson" | "replaceJson">;

/** What was decided of the versions of an image's source, the newest first. */
export async function readFollowState(archive: Documents, image: string): Promise<FollowState> {
  return stateIn(await archive.readJson(archiveNames.follows(image)));
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
  const { before, after } = await changeJson(archive, archiveNames.follows(image), stateIn, (state) => {
    const next = withDecision(state, decision);
    return next === state ? undefined : next;
  });
  return after === before ? (startedOf(before, decision) ?? decision) : decision;
}

const stateIn = (found: Document | undefined) => FollowState.parse(found?.value);
