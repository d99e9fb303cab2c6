import * as z from "zod";
import { BuildState } from "./buildView.ts";
import { component } from "./component.ts";
import { imageName } from "./recipes/fields.ts";

/** What `GET /api/builds` answers with. */
export const BuildList = component(
  "BuildList",
  z.strictObject({
    builds: z.array(
      z.strictObject({
        id: z.string(),
        image: z.string(),
        state: BuildState,
        phase: z.string().exactOptional().describe("Of a build that is under way."),
        askedAt: z.iso.datetime().describe("When it was asked for, or by its schedule due."),
        endedAt: z.iso.datetime().exactOptional(),
        links: z.strictObject({ self: z.url() }),
      }),
    ),
    next: z
      .url()
      .exactOptional()
      .describe(
        "Where the list goes on; absent at its end. A part of it may be short, or empty, and go on all the same.",
      ),
  }),
);
export type BuildList = z.infer<typeof BuildList>;
export type ListedBuild = BuildList["builds"][number];

/** Where a list goes on: within the part of the storage's own list that `marker` leads to, after a name. */
const Place = z.strictObject({ marker: z.string().max(2000).optional(), after: z.string().max(200).optional() });
export type Place = z.infer<typeof Place>;

/** Text that leads to a place, and means nothing to anybody else. */
export function cursorOf(place: Place): string {
  return btoa(JSON.stringify(place)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const cursor = z
  .string()
  .max(4000)
  .transform((text, context): Place => {
    try {
      return Place.parse(JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/"))));
    } catch {
      context.addIssue({ code: "custom", message: "is none that this service gave" });
      return z.NEVER;
    }
  });

const OF_LIMIT = { error: "takes a number from 1 to 100" };

/** The query of `GET /api/builds`. */
export const BuildListQuery = z.strictObject({
  image: imageName.optional().describe("Of this image only."),
  state: BuildState.optional().describe("In this state only."),
  since: z
    .union([z.iso.datetime(), z.iso.date()], { error: "takes an ISO 8601 date, or date and time in UTC" })
    .optional()
    .describe("Asked for at this time or later."),
  limit: z.coerce
    .number(OF_LIMIT)
    .int(OF_LIMIT)
    .min(1, OF_LIMIT)
    .max(100, OF_LIMIT)
    .default(20)
    .describe("The most builds in the answer."),
  cursor: cursor.optional().describe("From `next` of an earlier answer."),
});
export type BuildListQuery = z.infer<typeof BuildListQuery>;
