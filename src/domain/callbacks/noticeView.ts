import * as z from "zod";
import { component } from "../component.ts";
import { EVENTS } from "./notify.ts";

/** What the API tells of an event that has not arrived. */
export const NoticeView = component(
  "Notice",
  z.strictObject({
    id: z.string(),
    buildId: z.string(),
    event: z.enum(EVENTS),
    url: z.string(),
    since: z.iso.datetime().describe("Since when it is tried."),
    tried: z.int(),
    last: z
      .strictObject({ at: z.iso.datetime(), status: z.int().exactOptional(), error: z.string().exactOptional() })
      .exactOptional()
      .describe("How the last attempt went: the answer's status, or why there was none."),
    why: z.string().exactOptional().describe("Why it was given up; absent where it is on its way."),
    links: z.strictObject({ build: z.url(), resend: z.url().exactOptional() }),
  }),
);
export type NoticeView = z.infer<typeof NoticeView>;

export const NoticeList = z.strictObject({
  notices: z.array(NoticeView).describe("The latest first."),
  more: z.int().describe("How many others there are."),
});
export type NoticeList = z.infer<typeof NoticeList>;

export const NoticeResent = z.strictObject({ id: z.string(), state: z.literal("pending") });
export type NoticeResent = z.infer<typeof NoticeResent>;
