import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/** The keys that an authority signs its tokens with, as far as they could be had. */
export type SigningKeys = (kid: string) => Promise<JWTVerifyGetKey | "unreachable">;

/** Entra rotates its keys without notice, and tells new ones before it uses them. */
const STALE_AFTER_MS = 60 * 60_000;
/** Anybody can send a token that names a key that there is not: that must not become a request each time. */
const LOOK_AGAIN_MS = 60_000;
/** The same while none is known, and nobody can sign in. */
const LOOK_FOR_FIRST_MS = 5_000;

/**
 * Keeps the keys, and reads them again when they are an hour old, or a token names one that is not among them. Where they
 * cannot be read, those of before count.
 *
 * @param read the JWK set. @throws where it cannot be had.
 */
export function signingKeys(read: () => Promise<JSONWebKeySet>, now: () => number = Date.now): SigningKeys {
  let known: { set: JWTVerifyGetKey; kids: Set<string>; readAt: number } | undefined;
  let triedAt = -Infinity;
  let trying: Promise<void> | undefined;

  async function look(): Promise<void> {
    triedAt = now();
    try {
      const jwks = await read();
      const kids = new Set(jwks.keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])));
      known = { set: createLocalJWKSet(jwks), kids, readAt: now() };
    } catch {
      // Those of before go on counting; without any, the caller is told so.
    }
  }

  return async (kid) => {
    const isWanted = !known?.kids.has(kid) || now() - known.readAt > STALE_AFTER_MS;
    if (isWanted && now() - triedAt >= (known ? LOOK_AGAIN_MS : LOOK_FOR_FIRST_MS)) {
      trying = look().finally(() => (trying = undefined));
    }
    if (isWanted) await trying;
    return known ? known.set : "unreachable";
  };
}

/** Seconds of a wait that a request which comes with a token can bear. */
const READ_SECONDS = 5;

/** Reads a tenant's keys over HTTPS. @throws where they cannot be had, or are none. */
export async function readSigningKeys(authority: string, tenantId: string): Promise<JSONWebKeySet> {
  const answer = await fetch(`${authority}/${tenantId}/discovery/v2.0/keys`, {
    redirect: "error",
    signal: AbortSignal.timeout(READ_SECONDS * 1000),
  });
  const read = (await answer.json()) as Partial<JSONWebKeySet>;
  if (!answer.ok || !Array.isArray(read.keys) || read.keys.length === 0) {
    throw new Error(`The signing keys could not be read: ${answer.status}.`);
  }
  return { keys: read.keys };
}
