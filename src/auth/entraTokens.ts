import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { readAppRoles } from "../domain/appRoles.ts";
import type { Caller } from "../domain/caller.ts";
import type { SigningKeys } from "./signingKeys.ts";

/** What tokens have to say to be taken. */
export interface EntraSettings {
  tenantId: string;
  /** Application id URIs or client ids of the app registration, by which tokens are asked for. */
  audiences: readonly string[];
  /** `https://login.microsoftonline.com`, without a path. */
  authority: string;
}

/** Why a token is not taken: for the audit, never for whoever sent it. */
export type TokenRefusal =
  | "token-malformed"
  | "token-algorithm"
  | "token-key-unknown"
  | "token-signature"
  | "token-expired"
  | "token-not-yet-valid"
  | "token-issuer"
  | "token-tenant"
  | "token-audience"
  | "token-claims";

export type TokenRead =
  | { kind: "caller"; caller: Caller }
  /** With whose it is, where its signature is good for it: tenant and object id. */
  | { kind: "refused"; reason: TokenRefusal; holder?: string }
  /** Whether it is good cannot be told just now: there are no keys. */
  | { kind: "unreachable" };

/** How far clocks may be apart. */
const LEEWAY_SECONDS = 60;

/** Reads access tokens of one tenant of Entra ID, of versions 1.0 and 2.0. */
export function entraTokens(settings: EntraSettings, keysFor: SigningKeys): (token: string) => Promise<TokenRead> {
  const { tenantId, audiences, authority } = settings;
  const expected = {
    algorithms: ["RS256"],
    issuer: [`https://sts.windows.net/${tenantId}/`, `${authority}/${tenantId}/v2.0`],
    audience: [...audiences],
    clockTolerance: LEEWAY_SECONDS,
    requiredClaims: ["exp", "nbf", "tid", "oid"],
  };
  return async (token) => {
    try {
      const { kid, alg } = decodeProtectedHeader(token);
      if (alg !== "RS256") return refused("token-algorithm");
      if (kid === undefined) return refused("token-key-unknown");
      const keys = await keysFor(kid);
      if (keys === "unreachable") return { kind: "unreachable" };
      const { payload } = await jwtVerify(token, keys, expected);
      if (payload.tid !== tenantId) return refused("token-tenant");
      const caller = callerOf(payload);
      return caller ? { kind: "caller", caller } : refused("token-claims");
    } catch (error) {
      return refused(reasonOf(error), holderIn(error));
    }
  };
}

const refused = (reason: TokenRefusal, holder?: string): TokenRead => ({
  kind: "refused",
  reason,
  ...(holder ? { holder } : {}),
});

/** Names are for people's eyes, and come from a directory that many may write to. */
const LONGEST_NAME = 200;

/**
 * Who holds a token. Only one that acts for a person has scopes (`scp`); only an access token names the client that asked
 * for it, so that the token by which somebody signed in to a page of the same registration is none.
 *
 * @returns undefined where it is no access token.
 */
function callerOf(claims: JWTPayload): Caller | undefined {
  const { oid, tid, scp, idtyp, roles } = claims;
  const clientId = claims.azp ?? claims.appid;
  if (typeof oid !== "string" || typeof tid !== "string" || typeof clientId !== "string") return undefined;
  const isUser = typeof scp === "string" && scp !== "" && idtyp !== "app";
  const told = isUser
    ? (claims.preferred_username ?? claims.upn ?? claims.unique_name ?? claims.name)
    : (claims.app_displayname ?? clientId);
  const name = typeof told === "string" ? told.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").slice(0, LONGEST_NAME) : "";
  return {
    kind: isUser ? "user" : "application",
    id: `${tid}/${oid}`,
    ...(name ? { name } : {}),
    clientId,
    ...readAppRoles(Array.isArray(roles) ? roles : []),
  };
}

function reasonOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return "token-expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "nbf" && error.reason === "check_failed") return "token-not-yet-valid";
    if (error.claim === "iss") return "token-issuer";
    if (error.claim === "aud") return "token-audience";
    return "token-claims";
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return "token-signature";
  if (error instanceof errors.JWKSNoMatchingKey) return "token-key-unknown";
  if (error instanceof errors.JOSEAlgNotAllowed) return "token-algorithm";
  return "token-malformed";
}

/** Claims are looked at when the signature has been found good: what an error has of them is true. */
function holderIn(error: unknown): string | undefined {
  if (!(error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)) return undefined;
  const { tid, oid } = error.payload;
  return GUID.test(String(tid)) && GUID.test(String(oid)) ? `${String(tid)}/${String(oid)}` : undefined;
}

const GUID = /^[0-9a-f-]{36}$/i;
