import type { DurableClient } from "durable-functions";
import { EVENT_TYPES, Events, EventsTaken } from "../domain/events/body.ts";
import { isFollowed } from "../domain/follow/followers.ts";
import type { Release } from "../domain/follow/release.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { eventsAsked, refuseWithoutEvents } from "./eventsAsked.ts";
import { logLine } from "../telemetry/logLine.ts";

export interface EventParts {
  catalogue: AskCatalogue;
  /** The service's own: events of it are expected. */
  subscriptionId: string;
  startFollowing: (client: DurableClient, release: Release, since: string) => Promise<void>;
}

/** Invalid events of one request that the log tells of. */
const MOST_LOGGED = 20;

/** Takes events of Event Grid: a new version of a gallery's image starts what follows it. */
export function receiveEvents({ catalogue, subscriptionId, startFollowing }: EventParts) {
  return door({
    name: "receiveEvents",
    method: "POST",
    route: "events",
    summary: "Takes events of new image versions",
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
      let taken = 0;
      for (const event of read) {
        if (event.kind !== "version") continue;
        if (!isFollowed(event.source, recipes, subscriptionId)) continue;
        taken += 1;
        versions.set(`${event.source} ${event.version}`, event);
      }
      if (versions.size > 0) await asked.ready();
      const since = new Date().toISOString();
      for (const version of versions.values()) await startFollowing(client, version, since);
      const ignored = read.length - invalid.length - taken;
      return answer(200, { taken, ignored, invalid: invalid.length } satisfies EventsTaken);
    },
  });
}
