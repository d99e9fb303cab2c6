import { z } from "zod";
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
