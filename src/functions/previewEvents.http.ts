import type { Follower } from "../activities/follow.ts";
import { type Caller, isGranted } from "../domain/caller.ts";
import { EVENT_TYPES, Events, EventsPreview } from "../domain/events/body.ts";
import type { EventRead } from "../domain/events/readEvent.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { eventsAsked } from "./eventsAsked.ts";

export interface EventPreviewParts {
  catalogue: AskCatalogue;
  subscriptionId: string;
  follower: Pick<Follower, "judgeAnew">;
}

/** Versions of which Azure is asked for one request: each takes two calls. */
const MOST_VERSIONS = 10;

/** What events would start if they came now. */
export function previewEvents({ catalogue, subscriptionId, follower }: EventPreviewParts) {
  return door({
    name: "previewEvents",
    method: "POST",
    route: "events/preview",
    summary: "What events would start, without starting it",
    role: "Reader",
    showsPermitted: true,
    answers: { 200: { description: "Event by event: which images, and why or why not.", body: EventsPreview } },
    refuses: { 400: ["too-many-versions"] },
    takes: Events,
    mediaTypes: EVENT_TYPES,
    async handle(asked) {
      const { context, caller } = asked;
      const { recipes } = await askCatalogue(catalogue, context);
      const read = await eventsAsked(asked, recipes, subscriptionId);
      if (read.filter(({ kind }) => kind === "version").length > MOST_VERSIONS) {
        const detail = `A preview is of ${MOST_VERSIONS} image versions at most.`;
        throw new Refused(problem(400, "too-many-versions", detail));
      }
      const events: EventsPreview["events"] = [];
      for (const one of read) events.push(await told(one, caller));
      return answer(200, { events } satisfies EventsPreview);
    },
  });

  async function told(event: EventRead, caller: Caller): Promise<EventsPreview["events"][number]> {
    const { kind } = event;
    if (kind === "validation") return { kind };
    if (kind === "template") return { kind, why: "of an image template: a build that waits for it looks at it" };
    if (kind !== "version") return { kind, why: event.why };
    const at = new Date().toISOString();
    const { release, judged } = await follower.judgeAnew(event, { at, since: at });
    const images = judged
      .filter(({ recipe }) => isGranted(caller, "Reader", recipe.name))
      .map(({ recipe, verdict: { kind: would, ...rest } }) => ({ image: recipe.name, would, ...rest }));
    return { kind, source: release.source, version: release.version, images };
  }
}
