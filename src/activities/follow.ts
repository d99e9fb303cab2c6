import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { keepDecision, readFollowState } from "../azure/followStates.ts";
import { observeGalleryRelease } from "../azure/observedRelease.ts";
import { readScheduleState } from "../azure/scheduleStates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { followingBuildId } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { toldOf } from "../domain/callbacks/notify.ts";
import { StepDelayed } from "../domain/failure.ts";
import { decideFollow, type FollowDecision, type FollowVerdict, startedOf } from "../domain/follow/decision.ts";
import { builtOn } from "../domain/follow/followers.ts";
import type { Release } from "../domain/follow/release.ts";
import { type Standing, standingOf } from "../domain/follow/standing.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { parseResourceId } from "../domain/resourceId.ts";
import { decidedOn } from "../domain/source.ts";
import type { Engine } from "../durable/activities.ts";
import type { Settings } from "../settings.ts";

/** Builds that one version keeps going at the same time; further ones wait. */
export const WIDTH = 20;
/** Minutes after which it is looked again whether some of them have ended. */
const WIDTH_MINUTES = 5;

export type Follower = ReturnType<typeof follower>;
export type FollowActivities = ReturnType<typeof followActivities>;

export interface FollowParts {
  clients: Pick<Clients, "reader">;
  settings: Pick<Settings, "subscriptionId" | "installationId">;
  catalogue: AskCatalogue;
  archive: Archive;
  /** Starts a build; one that is known already is left alone. */
  requestBuild: (archive: Archive, client: Engine["client"], request: BuildRequest) => Promise<unknown>;
}

/** What is decided of one image. */
export interface Judged {
  recipe: Recipe;
  verdict: FollowVerdict;
}

/** Times are ISO 8601. @see FollowMoment */
type When = Record<"at" | "since", string>;

/** Decides which images follow a version of their source, and starts their builds. */
export function follower({ clients, settings, catalogue, archive, requestBuild }: FollowParts) {
  const { subscriptionId, installationId } = settings;

  return {
    /** Reads a version again, whoever told of it, and decides of each image that is built on its source. Changes nothing. */
    async judgeAnew({ source, version }: Release, when: When): Promise<{ release: Release; judged: Judged[] }> {
      const recipes = builtOn(source, (await catalogue()).recipes, subscriptionId);
      if (recipes.length === 0) return { release: { source, version }, judged: [] };
      const { standingIn, publishedAt } = await look(source, version);
      const release = { source, version, ...(publishedAt ? { publishedAt } : {}) };
      return { release, judged: await judge(recipes, release, standingIn, when) };
    },

    judge,

    /**
     * Keeps what was decided, and starts what is to be started; to do it twice is the same as to do it once.
     *
     * @returns whether something waits, and until when where that is known.
     */
    async carryOut(
      client: Engine["client"],
      { source, version }: Release,
      judged: readonly Judged[],
      at: string,
    ): Promise<{ waits: boolean; until?: string }> {
      const keep = (image: string, decision: Omit<FollowDecision, "source" | "version" | "at">) =>
        keepDecision(archive, image, { ...decision, source, version, at });
      let underWay = 0;
      const fresh: Judged[] = [];
      for (const one of judged) {
        const before = startedOf(await readFollowState(archive, one.recipe.name), { source, version });
        if (!before) fresh.push(one);
        else if (await isOnItsWay(client, one.recipe, before)) underWay += 1;
      }
      const untils: (string | undefined)[] = [];
      for (const { recipe, verdict } of fresh) {
        const { name: image } = recipe;
        const { kind, ...told } = verdict;
        if (kind === "start" && underWay < WIDTH) {
          const buildId = followingBuildId(image, { source, version }, new Date(at), installationId);
          const kept = await keep(image, { ...told, kind: "started", buildId });
          await isOnItsWay(client, recipe, kept);
          underWay += 1;
        } else if (kind === "start") {
          const until = new Date(Date.parse(at) + WIDTH_MINUTES * 60_000).toISOString();
          const detail = `${WIDTH} builds on that version are under way: it waits until one has ended.`;
          await keep(image, { kind: "waiting", why: "width", detail });
          untils.push(until);
        } else if (kind === "wait") {
          await keep(image, { ...told, kind: "waiting" });
          untils.push(told.until);
        } else if (told.why !== "not-following") await keep(image, { ...told, kind: "skipped" });
      }
      if (untils.length === 0) return { waits: false };
      const until = untils.reduce((first, one) => (first && one ? (one < first ? one : first) : undefined));
      return { waits: true, ...(until === undefined ? {} : { until }) };
    },
  };

  async function judge(
    recipes: readonly Recipe[],
    release: Release,
    standingIn: (region: string) => Standing,
    when: When,
  ): Promise<Judged[]> {
    return Promise.all(
      recipes.map(async (recipe) => {
        const { lastBuilt } = recipe.follow ? await readScheduleState(archive, recipe.name) : {};
        return { recipe, verdict: decideFollow(recipe, release, standingIn(recipe.location), { ...when, lastBuilt }) };
      }),
    );
  }

  /** @throws StepDelayed where Azure may tell in a while. */
  async function look(
    source: string,
    version: string,
  ): Promise<{ standingIn: (region: string) => Standing; publishedAt?: string | undefined }> {
    // A managed image has one content only; that the build's is the last is told by whoever knows of the build.
    if (parseResourceId(source)?.type.toLowerCase() === "microsoft.compute/images")
      return { standingIn: () => ({ kind: "newest" }) };
    const seen = await observeGalleryRelease(clients.reader, source, version);
    if (seen.kind === "found") {
      const { publishedAt } = seen.value;
      return { standingIn: (region) => standingOf(version, seen.value, region), publishedAt };
    }
    if (seen.kind === "unreadable" && seen.isPassing) throw new StepDelayed(`${seen.code}: ${seen.message}`, 0);
    const told: Standing =
      seen.kind === "unreadable"
        ? { kind: "out", why: "not-readable", detail: `Azure does not show it: ${seen.code}.` }
        : { kind: "out", why: "pulled", detail: "It is there no more." };
    return { standingIn: () => told };
  }

  /** Sees to it that a build is there that was decided upon. @returns whether it has not ended yet. */
  async function isOnItsWay(
    client: Engine["client"],
    { name: image, notify }: Recipe,
    { buildId, version }: FollowDecision,
  ): Promise<boolean> {
    if (buildId === undefined || (await archive.readJson(archiveNames.receipt(image, buildId)))) return false;
    const told = { ...toldOf(notify), ...decidedOn(version) };
    await requestBuild(archive, client, { ...told, buildId, image, door: "event" });
    return true;
  }
}

/** A version that somebody told of, which is looked at again until all that follow it are decided. */
export interface Following extends Pick<Release, "source" | "version"> {
  /** Since when it is waited for it, ISO 8601. */
  since: string;
}

export function followActivities(follow: Follower) {
  return {
    /** Looks at a version, and starts what follows it as far as it is time. Delivered again, it starts nothing twice. */
    async startFollowers(
      { source, version, since, at }: Following & { at: string },
      { client, error }: Engine,
    ): Promise<{ waits: boolean; until?: string }> {
      const { release, judged } = await follow.judgeAnew({ source, version }, { since, at });
      if (judged.some(({ verdict }) => verdict.why === "pulled"))
        error(`Version ${version} of ${source} has been pulled: nothing is built on it.`);
      return follow.carryOut(client, release, judged, at);
    },
  };
}
