import * as z from "zod";
import { DECISIONS } from "./approval.ts";
import { component } from "./component.ts";

const common = { id: z.string(), image: z.string(), links: z.strictObject({ self: z.url() }) };

/** What a request for a build is answered with. */
export const BuildAccepted = component("BuildAccepted", z.strictObject({ ...common, state: z.literal("accepted") }));
export type BuildAccepted = z.infer<typeof BuildAccepted>;

/** What a request to cancel a build is answered with. */
export const BuildCancelled = component(
  "BuildCancelled",
  z.strictObject({ ...common, state: z.enum(["cancelling", "cancelled"]) }),
);
export type BuildCancelled = z.infer<typeof BuildCancelled>;

/** What somebody who decides on a build is answered with. */
export const BuildDecided = component("BuildDecided", z.strictObject({ ...common, state: z.enum(DECISIONS) }));
export type BuildDecided = z.infer<typeof BuildDecided>;
