import * as z from "zod";
import { component } from "../component.ts";
import { FollowDecision } from "../follow/decision.ts";

/** More than these are never taken: Event Grid sends a megabyte at most. */
export const LARGEST_EVENTS = 1024 * 1024;
const MOST_EVENTS = 1000;

/** Each event is held against its own schema: one that is not right keeps nobody from seeing the others. */
const event = z.looseObject({});

/** The body of `POST /api/events`: events of CloudEvents 1.0, or of Event Grid's schema. */
export const Events = component(
  "Events",
  z.union([
    z
      .array(event)
      .min(1)
      .max(MOST_EVENTS, { error: `takes ${MOST_EVENTS} events at most` }),
    event,
  ]),
);
export type Events = z.infer<typeof Events>;

/** By what such bodies are announced. */
export const EVENT_TYPES = [
  "application/json",
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
] as const;

/** What `POST /api/events` answers with: how many events of which kind; or the code that Event Grid wants back. */
export const EventsTaken = component(
  "EventsTaken",
  z.union([
    z.strictObject({
      taken: z
        .int()
        .describe("Of new versions that images follow, and of what builds wait for: templates, and what runs write."),
      ignored: z.int().describe("Of something else."),
      invalid: z.int().describe("Events that are none: the log tells what is wrong with them."),
    }),
    z.strictObject({ validationResponse: z.string() }),
  ]),
);
export type EventsTaken = z.infer<typeof EventsTaken>;

const { source, version } = FollowDecision.shape;

/** What `POST /api/events/preview` answers with, event by event. */
export const EventsPreview = component(
  "EventsPreview",
  z.strictObject({
    events: z.array(
      z.strictObject({
        kind: z.enum(["version", "template", "validation", "ignored", "invalid"]),
        why: z.string().exactOptional().describe("Of one that starts nothing, whatever Azure has."),
        source: source.exactOptional(),
        version: version.exactOptional(),
        images: z
          .array(
            z.strictObject({
              image: z.string(),
              would: z.enum(["start", "wait", "skip"]),
              why: FollowDecision.shape.why,
              detail: z.string(),
              until: z.iso.datetime().exactOptional(),
            }),
          )
          .exactOptional()
          .describe("Of an image version: those that are built on its image definition."),
      }),
    ),
  }),
);
export type EventsPreview = z.infer<typeof EventsPreview>;
