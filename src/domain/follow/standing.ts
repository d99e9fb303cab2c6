import { compareVersions } from "../versionOrder.ts";
import type { FollowDecision } from "./decision.ts";

/** How a version stands in the region of an image that follows it. */
export type Standing =
  /** The newest that there is. `since`: when it was seen first, where nobody tells when it came out. */
  | { kind: "newest"; since?: string }
  /** It is still written, or not in the region yet. */
  | { kind: "not-yet"; detail: string }
  | { kind: "out"; why: FollowDecision["why"]; detail: string };

/** A gallery's version as Azure shows it, with the others of its definition. */
export interface GalleryRelease {
  state: string;
  publishedAt?: string | undefined;
  isExcluded: boolean;
  regions: { name: string; isExcluded: boolean }[];
  /** By the region's name; empty where Azure does not tell. */
  replication: ReadonlyMap<string, string>;
  others: { name: string; state: string; isExcluded: boolean; regions: { name: string; isExcluded: boolean }[] }[];
}

/** @param region in which it would be built on. */
export function standingOf(version: string, seen: GalleryRelease, region: string): Standing {
  const { state, isExcluded, regions, replication, others } = seen;
  if (["Failed", "Deleting"].includes(state)) return out("version-failed", `Azure says that it is ${state}.`);
  const here = regions.find(({ name }) => name === region);
  if (isExcluded || here?.isExcluded) return out("excluded", "It is kept out of what latest means.");
  if (!here) return out("not-in-region", `It is not replicated to ${region}.`);
  const newer = others
    .filter((other) => compareVersions(other.name, version) > 0 && other.state === "Succeeded" && !other.isExcluded)
    .find((other) => other.regions.some(({ name, isExcluded: isOut }) => name === region && !isOut));
  if (newer) return out("older", `There is ${newer.name}, which is newer.`);
  const replica = replication.get(region);
  if (state !== "Succeeded") return { kind: "not-yet", detail: `Azure says that it is ${state}.` };
  if (replica !== undefined && replica !== "Completed")
    return { kind: "not-yet", detail: `Its replication to ${region} is ${replica}.` };
  return { kind: "newest" };
}

function out(why: FollowDecision["why"], detail: string): Standing {
  return { kind: "out", why, detail };
}
