import * as z from "zod";
import { imageLimit, ROLES } from "./caller.ts";

/**
 * What a key may stand for: approving is for people, and a key does not tell which of them has it; events come from
 * applications that Entra knows.
 */
export const KEY_ROLES = ROLES.filter((role) => role !== "Approver" && role !== "EventSender");

export const keyName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: "takes 1 to 40 of a-z, 0-9 and hyphen, a hyphen not first",
});

/** A key as the setting has it: what it may do, and by what it is known again. */
export const ApiKey = z.strictObject({
  name: keyName,
  /** Of the whole key, its prefix included: hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "takes 64 hex digits, in small letters" }),
  roles: z.array(z.enum(KEY_ROLES, { error: `takes ${KEY_ROLES.join(", ")}; no key approves or sends events` })).min(1),
  images: z.array(imageLimit).min(1).optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** One name may be there twice: while a key is changed for a new one. */
export const ApiKeys = z
  .array(ApiKey)
  .refine((keys) => new Set(keys.map(({ sha256 }) => sha256)).size === keys.length, { error: "has a key twice" });

/** 256 bits in base64url behind a prefix, by which scanners find keys that got somewhere by mistake. */
export const API_KEY = /^gsk_[A-Za-z0-9_-]{43}$/;
