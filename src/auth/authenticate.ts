import { ANYBODY, type Caller } from "../domain/caller.ts";
import { callerOfKey } from "./apiKeys.ts";
import type { Authentication } from "./authentication.ts";
import { entraTokens, type TokenRefusal } from "./entraTokens.ts";
import { readSigningKeys, signingKeys } from "./signingKeys.ts";

/** Why it is not known who asks: for the audit, never for whoever asks. */
export type NotKnown = TokenRefusal | "no-credentials" | "credentials-unreadable" | "credentials-twice" | "key-unknown";

export type Authenticated =
  | { kind: "caller"; caller: Caller }
  | { kind: "refused"; reason: NotKnown; holder?: string }
  /** The service itself lacks what it would need to tell. */
  | { kind: "unable"; reason: "not-set" | "keys-unreachable" };

export const KEY_HEADER = "x-goldsmith-key";

/**
 * Tells who asks, by a bearer token of Entra ID or a key of the service's own. What the platform says of it counts for
 * nothing: not its own header, which anybody can send where the platform does not remove it, and not its keys, which do
 * not tell who has them.
 */
export function authenticator(
  authentication: Authentication,
  readKeys: typeof readSigningKeys = readSigningKeys,
): (headers: Headers) => Promise<Authenticated> {
  if (authentication.kind === "open") return () => Promise.resolve({ kind: "caller", caller: ANYBODY });
  const { entra, keys } = authentication;
  if (!entra && keys.length === 0) return () => Promise.resolve({ kind: "unable", reason: "not-set" });
  const readToken =
    entra &&
    entraTokens(
      entra,
      signingKeys(() => readKeys(entra.authority, entra.tenantId)),
    );

  return async (headers) => {
    const authorization = headers.get("authorization");
    const key = headers.get(KEY_HEADER);
    if (authorization !== null && key !== null) return refused("credentials-twice");
    if (key !== null) {
      const caller = callerOfKey(keys, key);
      return caller ? { kind: "caller", caller } : refused("key-unknown");
    }
    if (authorization === null) return refused("no-credentials");
    const token = /^Bearer +([\w.-]+)$/i.exec(authorization)?.[1];
    if (!readToken || token === undefined) return refused("credentials-unreadable");
    const read = await readToken(token);
    return read.kind === "unreachable" ? { kind: "unable", reason: "keys-unreachable" } : read;
  };
}

const refused = (reason: NotKnown): Authenticated => ({ kind: "refused", reason });
