import { type EventRead, readEvent, UNEXPECTED_TOPIC } from "../domain/events/readEvent.ts";
import { EVENT_TYPES, Events, LARGEST_EVENTS } from "../domain/events/body.ts";
import { problem } from "../domain/problem.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { type Asked, Refused } from "../http/door.ts";

/** Events that an answer tells what is wrong with. */
const MOST_TOLD = 20;

/** The events of a request, one by one. @throws Refused where it is no body of events. */
export async function eventsAsked(
  { body }: Pick<Asked, "body">,
  recipes: ReadonlyMap<string, Recipe>,
  subscriptionId: string,
): Promise<EventRead[]> {
  const events = await body<Events>(Events, { largest: LARGEST_EVENTS, types: EVENT_TYPES });
  const subscriptions = new Set([subscriptionId.toLowerCase(), ...foreignSubscriptions(recipes)]);
  return [events].flat().map((event) => readEvent(event, subscriptions));
}

/** Of galleries that recipes begin with: there events may come from beside the service's own subscription. */
function* foreignSubscriptions(recipes: ReadonlyMap<string, Recipe>): Iterable<string> {
  for (const { source, follow } of recipes.values()) {
    if (!follow || source.type !== "SharedImageVersion") continue;
    const id = /^\/subscriptions\/([0-9a-f-]{36})\//i.exec(source.imageVersionId)?.[1];
    if (id !== undefined) yield id.toLowerCase();
  }
}

/** @throws Refused where none of them is an event: whoever sent it has nothing that is right to send again. */
export function refuseWithoutEvents(read: readonly EventRead[]): void {
  if (read.some(({ kind }) => kind !== "invalid")) return;
  const faults = read.map((one, at) => ({ pointer: `/${at}`, detail: one.kind === "invalid" ? one.why : "" }));
  if (faults.every(({ detail }) => detail === UNEXPECTED_TOPIC))
    throw new Refused(problem(400, "topic-unexpected", "No events are expected from that topic's subscription."));
  const detail = "There is no event of CloudEvents 1.0 or of Event Grid's schema in the body.";
  throw new Refused(problem(400, "body-invalid", detail, { errors: faults.slice(0, MOST_TOLD) }));
}
