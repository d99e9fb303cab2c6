import * as z from "zod";

/** What of a build is told, in the order in which it happens; `leftovers` only where some are left. */
export const EVENTS = ["accepted", "waiting", "started", "finished", "leftovers"] as const;
export type BuildEvent = (typeof EVENTS)[number];

/** Of a request, and as many of a recipe. */
export const MOST_CALLBACKS = 5;

const PLAIN = /^https?:\/\/[^\s\p{C}\\?#@]+$/iu;
/** Of these a server behind the path's beginning that is allowed could make another path. */
const AMBIGUOUS = /%2f|%5c|%25|%00|;|[^:]\/\//i;

const url = z
  .string()
  .max(2000)
  .refine((text) => URL.canParse(text) && PLAIN.test(text), {
    error: "takes an https URL without user name, password, query and fragment",
  })
  .refine((text) => !AMBIGUOUS.test(text), {
    error: "must not hold //, ; or an encoded slash or percent sign in its path",
  });

/** Where a build's events are sent. */
export const Notify = z
  .array(
    z.strictObject({
      url: url
        .describe("Where they are sent; one of the operators' targets.")
        .meta({ examples: ["https://tickets.example.com/hooks"] }),
      events: z
        .array(z.enum(EVENTS))
        .min(1)
        .max(EVENTS.length)
        .exactOptional()
        .describe("Of what happens to a build; all of it unless told."),
    }),
  )
  .min(1)
  .max(MOST_CALLBACKS);

export type Notify = z.infer<typeof Notify>;

/** Who is told of a build: whom the recipe names, and whom the request does; of the same URL what the request says counts. */
export function toldOf(ofRecipe: Notify = [], asked: Notify = []): { notify?: Notify } {
  const others = ofRecipe.filter(({ url }) => asked.every((one) => one.url !== url));
  const notify = [...others, ...asked];
  return notify.length > 0 ? { notify } : {};
}
