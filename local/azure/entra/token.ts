import { errors, jwtVerify, SignJWT } from "jose";
import type { SigningKey } from "./signingKey.ts";

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

/** @param now and `lifetimeSeconds` by the cloud's clock. */
export async function issueToken(
  key: SigningKey,
  identity: TokenIdentity,
  audience: string,
  now: number,
  lifetimeSeconds: number,
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
    tid: identity.tenantId,
    xms_mirid: identity.resourceId,
    ver: "1.0",
  })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: "local" })
    .setAudience(audience)
    .setIssuer(issuerOf(identity.tenantId))
    .setSubject(identity.principalId)
    .setIssuedAt(issued)
    .setNotBefore(notBefore)
    .setExpirationTime(expiresOn)
    .sign(key.privateKey);
  return { token, expiresOn, notBefore };
}

const issuerOf = (tenantId: string) => `https://sts.windows.net/${tenantId}/`;

type TokenProblem = "missing" | "invalid" | "expired" | "audience" | "issuer";

/** What a bearer token says of its holder, or why it is not accepted. */
export async function readToken(
  key: SigningKey,
  authorization: string | undefined,
  expected: { audiences: string[]; tenantId: string; now: number },
): Promise<{ principal: Principal } | { problem: TokenProblem; audience?: string }> {
  if (!authorization) return { problem: "missing" };
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization)?.[1];
  if (!token) return { problem: "invalid" };
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ["RS256"],
      currentDate: new Date(expected.now),
      requiredClaims: ["exp", "nbf", "aud", "oid"],
    });
    if (payload.iss !== issuerOf(expected.tenantId)) return { problem: "issuer" };
    const audience = String(payload.aud);
    if (!expected.audiences.includes(audience.replace(/\/$/, "").toLowerCase()))
      return { problem: "audience", audience };
    return { principal: { objectId: String(payload.oid), appId: String(payload.appid) } };
  } catch (error) {
    return { problem: error instanceof errors.JWTExpired ? "expired" : "invalid" };
  }
}
