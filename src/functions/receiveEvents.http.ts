import type { DurableClient } from "durable-functions";
import { waitersFor } from "../domain/buildId.ts";
import { EVENT_TYPES, Events, EventsTaken } from "../domain/events/body.ts";
import type { EventRead } from "../domain/events/readEvent.ts";
import { isFollowed } from "../domain/follow/followers.ts";
import type { Release } from "../domain/follow/release.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { sameId } from "../domain/resourceId.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { eventsAsked, refuseWithoutEvents } from "./eventsAsked.ts";
import { logLine } from "../telemetry/logLine.ts";
import { waitingForRunsOf, writersTo } from "./waitingForRun.ts";
import type { WakeToLook } from "./wakeSeldom.ts";

export interface EventParts {
  catalogue: AskCatalogue;
  /** The service's own: events of it are expected. */
  subscriptionId: string;
  /** Id of the resource group with the image templates of builds. */
  templateGroupId: string;
  wake: WakeToLook;
  startFollowing: (client: DurableClient, release: Release, since: string) => Promise<void>;
}

type Told = Extract<EventRead, { kind: "version" | "template" }>;

/** Invalid events of one request that the log tells of. */
const MOST_LOGGED = 20;

/**
 * Takes events of Event Grid: a new version of a gallery's image starts what follows it; that, and what has been done to an
 * image template, lets the build look that waits for it. Nothing is believed of what an event says.
 */
export function receiveEvents({ catalogue, subscriptionId, templateGroupId, wake, startFollowing }: EventParts) {
  return door({
    name: "receiveEvents",
    method: "POST",
    route: "events",
    summary: "Takes events of new image versions, and of image templates",
    role: "EventSender",
    isWebhook: true,
    answers: { 200: { description: "The events are taken, and need not be sent again.", body: EventsTaken } },
    refuses: { 400: ["topic-unexpected"], 403: ["sender-not-allowed"] },
    takes: Events,
    mediaTypes: EVENT_TYPES,
    async handle(asked) {
      const { context, client } = asked;
      const { recipes } = await askCatalogue(catalogue, context);
      const read = await eventsAsked(asked, recipes, subscriptionId);
      const [first] = read;
      if (read.length === 1 && first?.kind === "validation") {
        return answer(200, { validationResponse: first.code } satisfies EventsTaken);
      }
      refuseWithoutEvents(read);
      const invalid = read.flatMap((one, at) => (one.kind === "invalid" ? [`event ${at}: ${one.why}`] : []));
      if (invalid.length > 0)
        context.warn(
          logLine(
            "events invalid",
            `${invalid.length} of ${read.length} events are none. ${invalid.slice(0, MOST_LOGGED).join("; ")}`,
          ),
        );

      const versions = new Map<string, Release>();
      const woken = wakenOnce(client);
      let taken = 0;
      for (const event of read) {
        if (event.kind !== "version" && event.kind !== "template") continue;
        const isWaitedFor = await woken(event, recipes);
        const isFollowing = event.kind === "version" && isFollowed(event.source, recipes, subscriptionId);
        if (isFollowing) versions.set(`${event.source} ${event.version}`, event);
        if (isWaitedFor || isFollowing) taken += 1;
      }
      if (versions.size > 0) await asked.ready();
      const since = new Date().toISOString();
      for (const version of versions.values()) await startFollowing(client, version, since);
      const ignored = read.length - invalid.length - taken;
      return answer(200, { taken, ignored, invalid: invalid.length } satisfies EventsTaken);
    },
  });

  /** Wakes who waits for what an event tells of, once for each of a request. @returns whether anybody does. */
  function wakenOnce(client: DurableClient) {
    const done = new Map<string, boolean>();
    return async (event: Told, recipes: ReadonlyMap<string, Recipe>): Promise<boolean> => {
      const key = event.kind === "version" ? event.source : `${event.group} ${event.name} ${event.act}`;
      let isAwaited = done.get(key);
      if (isAwaited === undefined) {
        isAwaited = false;
        for (const instanceId of await whoWaits(client, event, recipes)) {
          if (await wake(client, instanceId)) isAwaited = true;
          // For one template one instance waits at a time.
          if (isAwaited && event.kind === "template") break;
        }
        done.set(key, isAwaited);
      }
      return isAwaited;
    };
  }

  async function whoWaits(client: DurableClient, event: Told, recipes: ReadonlyMap<string, Recipe>): Promise<string[]> {
    if (event.kind === "template") return sameId(event.group, templateGroupId) ? waitersFor(event.name, event.act) : [];
    const images = writersTo(event.source, recipes, subscriptionId);
    return images.length > 0 ? waitingForRunsOf(client, images) : [];
  }
}
