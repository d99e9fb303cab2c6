import * as z from "zod";
import type { Json } from "./json.ts";

/** For so long the same key means the same build. */
export const KEPT_DAYS = 7;
/** Seconds after which whoever was about to start a build is taken to be gone. */
export const STARTING_SECONDS = 60;

/** What a caller tells requests apart by: printable ASCII. */
export const IdempotencyKey = z
  .string()
  .regex(/^[ -~]{1,255}$/, { error: "takes 1 to 255 printable characters of ASCII" });

/** What a key was used for. Neither the key nor what was asked for is in it, only hashes of them. */
export const Claim = z.strictObject({
  /** Kept before anything of the build is: whoever has to go on starts this one, and no other. */
  buildId: z.string(),
  /** Of the image and all that was asked for. */
  fingerprint: z.string(),
  claimedAt: z.iso.datetime(),
  /** Who is about to start the build, and since when. */
  starter: z.string(),
  startingAt: z.iso.datetime(),
  started: z.boolean(),
});
export type Claim = z.infer<typeof Claim>;

export function isForgotten({ claimedAt }: Claim, now: Date): boolean {
  return now.getTime() - Date.parse(claimedAt) >= KEPT_DAYS * 24 * 3_600_000;
}

/** Whether nobody is at it any more to start the build. */
export function isAbandoned({ started, startingAt }: Claim, now: Date): boolean {
  return !started && now.getTime() - Date.parse(startingAt) >= STARTING_SECONDS * 1000;
}

/** The same text for the same value, however its objects are ordered. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
