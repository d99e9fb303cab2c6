import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Follower } from "../activities/follow.ts";
import type { Archive } from "../azure/archive.ts";
import type { ArmReader } from "../azure/armReader.ts";
import { observeListedVersions } from "../azure/observedRelease.ts";
import { noteListed } from "../azure/sourceRecords.ts";
import { sourceFollowed, urnOf } from "../domain/follow/followers.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import type { PlatformImageSource } from "../domain/source.ts";
import { compareVersions } from "../domain/versionOrder.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { logLine } from "../telemetry/logLine.ts";
import { whyOf } from "../telemetry/whyOf.ts";
import { TickFailed } from "./whereReady.ts";

export interface WatchParts {
  catalogue: AskCatalogue;
  archive: Archive;
  reader: ArmReader;
  follower: Pick<Follower, "judge" | "carryOut">;
  settings: { subscriptionId: string };
}

/** What several recipes may begin with: it is asked for once. */
interface Watched {
  source: PlatformImageSource;
  location: string;
  recipes: Recipe[];
}

type Context = Pick<InvocationContext, "log" | "warn" | "error">;

/**
 * One look at the marketplace, which tells nobody of new versions: each source in each region is listed once, and the
 * images that follow it and are not built on its newest version are started.
 *
 * @returns what throws at the end where a source could not be looked at, so that the host counts the tick as failed.
 */
export function watchSources({ catalogue, archive, reader, follower, settings }: WatchParts) {
  return async (client: DurableClient, context: Context): Promise<void> => {
    const { recipes } = await askCatalogue(catalogue, context);
    const failed: string[] = [];
    for (const watched of watchedBy(recipes, settings.subscriptionId)) {
      const name = `${urnOf(watched.source)} in ${watched.location}`;
      try {
        await look(watched, name, client, context);
      } catch (error) {
        failed.push(name);
        const { why, code } = error instanceof Unlisted ? { why: error.code, code: error.code } : whyOf(error);
        context.error(logLine("watch failed", `The versions of ${name} could not be looked at: ${why}`, { code }));
      }
    }
    if (failed.length > 0) throw new TickFailed(`These could not be looked at: ${failed.join(", ")}.`);
  };

  async function look({ source, location, recipes }: Watched, name: string, client: DurableClient, context: Context) {
    const listed = await observeListedVersions(reader, settings.subscriptionId, location, source);
    if (listed.kind !== "found") throw new Unlisted(listed.kind === "unreadable" ? listed.code : "no-such-image");
    const at = new Date().toISOString();
    const { seen, pulled } = await noteListed(archive, source, location, { versions: listed.value, at });
    for (const version of pulled)
      context.warn(logLine("version pulled", `Version ${version} of ${name} has been pulled: nothing is built on it.`));
    const version = listed.value.toSorted(compareVersions).at(-1);
    if (version === undefined) return;
    const since = seen.find((one) => one.version === version)?.at ?? at;
    const release = { source: urnOf(source), version };
    const judged = await follower.judge(recipes, release, () => ({ kind: "newest", since }), { at, since });
    await follower.carryOut(client, release, judged, at);
  }
}

/** Azure does not list the versions. Its words are not kept: what the log has of it is the code. */
class Unlisted extends Error {
  readonly code: string;

  constructor(code: string) {
    super("The versions could not be listed.");
    this.code = code;
  }
}

function watchedBy(recipes: ReadonlyMap<string, Recipe>, subscriptionId: string): Iterable<Watched> {
  const found = new Map<string, Watched>();
  for (const recipe of recipes.values()) {
    const { source, location, follow } = recipe;
    if (!follow || source.type !== "PlatformImage") continue;
    const key = `${sourceFollowed(recipe, recipes, subscriptionId)}@${location}`;
    const watched = found.get(key) ?? { source, location, recipes: [] };
    watched.recipes.push(recipe);
    found.set(key, watched);
  }
  return found.values();
}
