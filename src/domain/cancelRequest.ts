import * as z from "zod";
import { remark } from "./buildRequest.ts";
import { component } from "./component.ts";

/** The body of `POST /api/builds/{id}/cancel`. */
export const CancelRequest = component(
  "CancelRequest",
  z.strictObject({
    /** Why, in a person's words: kept in the receipt. */
    reason: remark(500).optional(),
  }),
);

export type CancelRequest = z.infer<typeof CancelRequest>;
