import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { API_KEY, type ApiKey } from "../domain/apiKey.ts";
import type { Caller } from "../domain/caller.ts";

/** Of 256 random bits a plain hash tells nothing: there is nothing to be guessed, as there is of a password. */
export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

export function newApiKey(): string {
  return `gsk_${randomBytes(32).toString("base64url")}`;
}

/** Who comes with a key; undefined where it is none of them. It takes as long whichever it is. */
export function callerOfKey(keys: readonly ApiKey[], key: string): Caller | undefined {
  if (!API_KEY.test(key)) return undefined;
  const hash = Buffer.from(hashOfKey(key), "hex");
  const [found] = keys.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), hash));
  if (!found) return undefined;
  const { name, roles, images } = found;
  return {
    kind: "key",
    id: `key/${name}`,
    name,
    roles,
    ...(images ? { limits: Object.fromEntries(roles.map((role) => [role, images])) } : {}),
  };
}
