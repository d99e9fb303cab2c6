import { z } from "zod";
import { line } from "./buildRequest.ts";
import { component } from "./component.ts";

/** The body of `POST /api/builds/{id}/cancel`. */
export const CancelRequest = component(
  "CancelRequest",
  z.strictObject({
    /** Why, in a person's words: kept in the receipt. */
    reason: line(500).optional(),
  }),
);

export type CancelRequest = z.infer<typeof CancelRequest>;
