import * as z from "zod";
import { component } from "../component.ts";
import type { Recipe } from "../recipes/schema.ts";
import { blackoutAt } from "../schedule/blackouts.ts";
import { millisecondsOf } from "../schedule/duration.ts";
import type { BuiltImage } from "../schedule/state.ts";
import { compareVersions } from "../versionOrder.ts";
import type { Release } from "./release.ts";
import type { Standing } from "./standing.ts";

const WHYS = [
  "new-version",
  "built-already",
  "not-following",
  "older",
  "excluded",
  "not-in-region",
  "pulled",
  "version-failed",
  "not-readable",
  "not-replicated",
  "replicating",
  "cooling-down",
  "blackout",
  "width",
  "parent-failed",
] as const;

/** What was decided of a version of an image's source, and why: in `follows/<image>.json` in the archive. */
export const FollowDecision = component(
  "FollowDecision",
  z.strictObject({
    kind: z
      .enum(["started", "waiting", "skipped", "stopped"])
      .describe("`stopped`: there is no version, since the build failed that would have made it."),
    why: z.enum(WHYS),
    detail: z.string().describe("The same in a person's words."),
    source: z.string().describe("What the image follows: the URN of the marketplace, or the id of a resource."),
    version: z
      .string()
      .describe("Of that, a number; of a managed image, and where there is none, the build that makes it."),
    at: z.iso.datetime(),
    until: z.iso.datetime().exactOptional().describe("Of one that waits, where that is known."),
    buildId: z.string().exactOptional().describe("Of one that has started a build."),
  }),
);
export type FollowDecision = z.infer<typeof FollowDecision>;

export type FollowVerdict = Pick<FollowDecision, "why" | "detail" | "until"> & {
  kind: "start" | "wait" | "skip";
};

/** Hours for which it is waited that a version is replicated. */
const REPLICATION_HOURS = 24;

/** What of an image's past and of the time a decision takes. Times are ISO 8601. */
export interface FollowMoment {
  at: string;
  /** Since when it is waited for the version. */
  since: string;
  lastBuilt: BuiltImage | undefined;
}

/** Whether a recipe is built on a version of its source. */
export function decideFollow(
  { follow, schedule }: Pick<Recipe, "follow" | "schedule">,
  release: Release,
  standing: Standing,
  { at, since, lastBuilt }: FollowMoment,
): FollowVerdict {
  if (!follow) return skip("not-following", "Its recipe has no follow.");
  if (standing.kind === "out") return skip(standing.why, standing.detail);
  if (lastBuilt && isBuiltOn(lastBuilt, release)) return skip("built-already", `${lastBuilt.buildId} is built on it.`);
  if (standing.kind === "not-yet") {
    if (hoursBetween(since, at) < REPLICATION_HOURS)
      return { kind: "wait", why: "replicating", detail: standing.detail };
    return skip("not-replicated", `It was waited for it for ${REPLICATION_HOURS} hours. ${standing.detail}`);
  }
  const out = release.publishedAt ?? standing.since;
  if (follow.coolDown !== undefined && out !== undefined) {
    const until = new Date(Date.parse(out) + millisecondsOf(follow.coolDown)).toISOString();
    if (until > at) return { kind: "wait", why: "cooling-down", detail: `It cools down until ${until}.`, until };
  }
  const frozen = schedule && blackoutAt(schedule.blackouts, schedule.timeZone, new Date(at));
  if (frozen) {
    const until = frozen.until.toISOString();
    return { kind: "wait", why: "blackout", detail: `Until ${until} is a blackout: ${frozen.reason}`, until };
  }
  return { kind: "start", why: "new-version", detail: "It is the newest version, and the image is not built on it." };
}

/** A managed image has no number: what it is made of, as a build saw it, names the build that made it. */
function isBuiltOn({ source }: BuiltImage, { version, publishedAt }: Release): boolean {
  if (source?.content !== undefined) return source.content.split(" ").includes(version);
  const isOther = source?.publishedAt !== undefined && publishedAt !== undefined && source.publishedAt !== publishedAt;
  return source?.version === version && !isOther;
}

function hoursBetween(one: string, other: string): number {
  return (Date.parse(other) - Date.parse(one)) / 3_600_000;
}

function skip(why: FollowDecision["why"], detail: string): FollowVerdict {
  return { kind: "skip", why, detail };
}

/** Starts that are kept of each source of an image: those on the highest versions, and the newest of all. */
const MOST_STARTED = 20;
/** Decisions that are kept of an image beside its starts: the newest. */
const MOST_OTHERS = 20;

export const FollowState = z.object({ decisions: z.array(FollowDecision).catch([]) }).catch({ decisions: [] });
export type FollowState = z.infer<typeof FollowState>;

/** What of a version has been started is decided for good. @returns the same where nothing is new. */
export function withDecision(state: FollowState, decision: FollowDecision): FollowState {
  const before = startedOf(state, decision) ?? state.decisions.find((one) => isSameVersion(one, decision));
  if (before?.kind === "started" || (before && isSaid(before, decision))) return state;
  const decisions = [decision, ...state.decisions.filter((one) => !isSameVersion(one, decision))];
  const outdated = decisions.filter(({ kind }) => kind !== "started").slice(MOST_OTHERS);
  const forgotten = new Set([...outdated, ...outdoneBy(decision, decisions)]);
  return { decisions: decisions.filter((one) => !forgotten.has(one)) };
}

/** A start gives way to another start of its source only: what is skipped or waited for must not have it made again. */
function outdoneBy(decision: FollowDecision, decisions: readonly FollowDecision[]): FollowDecision[] {
  if (decision.kind !== "started") return [];
  return decisions
    .filter((one) => one !== decision && one.kind === "started" && isSameSource(one, decision))
    .toSorted((one, other) => compareVersions(other.version, one.version))
    .slice(MOST_STARTED - 1);
}

export function startedOf(
  state: FollowState,
  release: Pick<Release, "source" | "version">,
): FollowDecision | undefined {
  return state.decisions.find((one) => one.kind === "started" && isSameVersion(one, release));
}

type Version = Pick<Release, "source" | "version">;
const isSameSource = (one: Version, other: Version) => one.source.toLowerCase() === other.source.toLowerCase();
const isSameVersion = (one: Version, other: Version) => isSameSource(one, other) && one.version === other.version;
const isSaid = (one: FollowDecision, other: FollowDecision) =>
  one.kind === other.kind && one.why === other.why && one.until === other.until;
