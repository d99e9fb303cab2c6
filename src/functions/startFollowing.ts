import type { DurableClient } from "durable-functions";
import type { Release } from "../domain/follow/release.ts";
import { ensureInstance } from "../durable/instances.ts";
import { followVersion } from "../orchestrators/followVersion.ts";
import { sha256 } from "../sha256.ts";

/**
 * Has an instance look after a version, whoever tells of it and how often: its id follows from the version. One that has
 * ended looks again, since the version may have been excluded then and be so no more.
 */
export async function startFollowing(
  client: DurableClient,
  { source, version }: Pick<Release, "source" | "version">,
  since: string,
): Promise<void> {
  const following = { source: source.toLowerCase(), version, since, looked: 0 };
  await ensureInstance(client, followVersion, followId(following), following);
}

/** Azure writes one id in several ways, and durable instances have no slashes. */
export function followId({ source, version }: Pick<Release, "source" | "version">): string {
  return `follow-${sha256(`${source.toLowerCase()} ${version}`).slice(0, 32)}`;
}
