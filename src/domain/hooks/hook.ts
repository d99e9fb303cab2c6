import * as z from "zod";
import { Notify } from "../callbacks/notify.ts";
import { imageLimit } from "../caller.ts";
import { Mapping } from "./mapping.ts";

const header = z.string().regex(/^[A-Za-z0-9-]{1,60}$/, { error: "takes the name of a header" });

/** What a signature is made of. Only what is signed proves anything: headers that are not are not looked at. */
const OwnSignature = z
  .strictObject({
    kind: z.literal("hmac-sha256"),
    header,
    /** What stands before it: `sha256=`. */
    prefix: z.string().max(20).default(""),
    encoding: z.enum(["hex", "base64"]).default("hex"),
    /** Joined by dots. */
    signs: z.enum(["body", "timestamp.body", "id.timestamp.body"]).default("body"),
    /** Seconds since 1970. */
    timestampHeader: header.optional(),
    idHeader: header.optional(),
  })
  .refine(({ signs, timestampHeader }) => signs.includes("timestamp") === (timestampHeader !== undefined), {
    error: "timestampHeader goes with a timestamp that is signed: one that is not proves nothing",
    path: ["timestampHeader"],
  })
  .refine(({ signs, idHeader }) => signs.startsWith("id") === (idHeader !== undefined), {
    error: "idHeader goes with an id that is signed: one that is not proves nothing",
    path: ["idHeader"],
  });

/** `webhook-id`, `webhook-timestamp` and `webhook-signature`, as Standard Webhooks has them. */
const StandardWebhooks = z.strictObject({ kind: z.literal("standard-webhooks") });

export const HookSignature = z.discriminatedUnion("kind", [OwnSignature, StandardWebhooks]);
export type HookSignature = z.infer<typeof HookSignature>;

/** A system that can only send its own body: an entry of the setting `GOLDSMITH_HOOKS`. */
export const Hook = z.strictObject({
  signature: HookSignature,
  /** Of the keys that may sign; while one is changed for another there are two. */
  secretNames: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, { error: "takes capitals, digits and _" }))
    .min(1)
    .max(4),
  /** Seconds that a signed timestamp may be off. */
  toleranceSeconds: z.int().min(10).max(900).default(300),
  /** That it may ask for. */
  images: z.array(imageLimit).min(1),
  map: Mapping,
  /** Who is told of its builds. */
  notify: Notify.optional(),
});
export type Hook = z.infer<typeof Hook>;

export const Hooks = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: "takes 1 to 40 of a-z, 0-9 and hyphen, a hyphen not first" }),
  Hook,
);
