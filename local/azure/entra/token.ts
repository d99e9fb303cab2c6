import { compactVerify, type JWTPayload, SignJWT } from "jose";
import { KEY_ID, type SigningKey } from "./signingKey.ts";

/** Who a request comes from. */
export interface Principal {
  objectId: string;
  appId: string;
}

/** A user-assigned identity, as a token names it. */
interface TokenIdentity {
  resourceId: string;
  clientId: string;
  principalId: string;
  tenantId: string;
}

/** Entra lets a token begin a little before it is made, for clocks that are late. */
const EARLY_SECONDS = 300;

/**
 * A token of a managed identity, in version 1.0.
 *
 * @param now and `lifetimeSeconds` by the cloud's clock.
 * @param roles app roles of what it is for.
 */
export async function issueToken(
  key: SigningKey,
  identity: TokenIdentity,
  audience: string,
  now: number,
  lifetimeSeconds: number,
  roles?: readonly string[],
): Promise<{ token: string; expiresOn: number; notBefore: number }> {
  const issued = Math.floor(now / 1000);
  const expiresOn = issued + lifetimeSeconds;
  const notBefore = issued - EARLY_SECONDS;
  const token = await new SignJWT({
    appid: identity.clientId,
    appidacr: "2",
    idp: issuerOf(identity.tenantId),
    idtyp: "app",
    oid: identity.principalId,
    ...(roles ? { roles } : {}),
    tid: identity.tenantId,
    xms_mirid: identity.resourceId,
    ver: "1.0",
  })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: KEY_ID })
    .setAudience(audience)
    .setIssuer(issuerOf(identity.tenantId))
    .setSubject(identity.principalId)
    .setIssuedAt(issued)
    .setNotBefore(notBefore)
    .setExpirationTime(expiresOn)
    .sign(key.privateKey);
  return { token, expiresOn, notBefore };
}

/** Whom a token is of: a person, or the application that asked for it. */
export interface TokenSubject {
  objectId: string;
  username?: string;
  roles: readonly string[];
}

/** A token of version 2.0, which names what it is for by its client id. Who has no role has no such claim. */
export async function issueAccessToken(
  key: SigningKey,
  about: { issuer: string; tenantId: string; audience: string; clientId: string },
  { objectId, username, roles }: TokenSubject,
  now: number,
  lifetimeSeconds: number,
): Promise<string> {
  const issued = Math.floor(now / 1000);
  return new SignJWT({
    azp: about.clientId,
    azpacr: "1",
    oid: objectId,
    ...(username ? { preferred_username: username, scp: "access" } : {}),
    ...(roles.length > 0 ? { roles } : {}),
    tid: about.tenantId,
    ver: "2.0",
  })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: KEY_ID })
    .setAudience(about.audience)
    .setIssuer(about.issuer)
    .setSubject(objectId)
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + lifetimeSeconds)
    .sign(key.privateKey);
}

const issuerOf = (tenantId: string) => `https://sts.windows.net/${tenantId}/`;

export type TokenProblem = "missing" | "invalid" | "expired" | "audience" | "issuer";

/** What a bearer token says of its holder, or why it is not accepted. */
export async function readToken(
  key: SigningKey,
  authorization: string | undefined,
  expected: { audiences: string[]; tenantId: string; now: number },
): Promise<{ principal: Principal } | { problem: TokenProblem; audience?: string }> {
  if (!authorization) return { problem: "missing" };
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization)?.[1];
  const claims = token && (await verifiedClaims(key, token));
  if (!claims) return { problem: "invalid" };
  const { iss, aud, exp, nbf, oid, appid } = claims;
  if (typeof exp !== "number" || typeof nbf !== "number" || !aud || typeof oid !== "string")
    return { problem: "invalid" };
  if (exp * 1000 <= expected.now) return { problem: "expired" };
  if (nbf * 1000 > expected.now) return { problem: "invalid" };
  if (iss !== issuerOf(expected.tenantId)) return { problem: "issuer" };
  const audience = String(aud);
  if (!expected.audiences.includes(audience.replace(/\/$/, "").toLowerCase())) return { problem: "audience", audience };
  return { principal: { objectId: oid, appId: String(appid) } };
}

/** Tokens whose signature has been checked: clients send the same one for hours. */
const verified = new WeakMap<SigningKey, Map<string, JWTPayload>>();
const REMEMBERED_TOKENS = 1000;

/** The claims of a token that is signed with the key; nothing of any other. */
async function verifiedClaims(key: SigningKey, token: string): Promise<JWTPayload | undefined> {
  const known = verified.get(key) ?? new Map<string, JWTPayload>();
  verified.set(key, known);
  const before = known.get(token);
  if (before) return before;
  try {
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: ["RS256"] });
    const claims = JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
    if (known.size >= REMEMBERED_TOKENS) known.clear();
    known.set(token, claims);
    return claims;
  } catch {
    return undefined;
  }
}
