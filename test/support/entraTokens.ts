import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";

export const TENANT = "7a3c5d10-0b52-4c11-9c37-2f1d1c6a9e01";
export const AUTHORITY = "https://login.microsoftonline.com";
export const AUDIENCE = "api://goldsmith";
export const OBJECT_ID = "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42";
const CLIENT_ID = "1c8f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b43";

export interface KeyPair {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function keyPair(kid: string): KeyPair {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

export async function jwksOf(...pairs: KeyPair[]): Promise<JSONWebKeySet> {
  return {
    keys: await Promise.all(
      pairs.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, use: "sig" })),
    ),
  };
}

/** What Entra says in an access token (version 2.0) of a person, issued at that time: seconds since 1970. */
export function userClaims(issuedAt: number, changes: JWTPayload = {}): JWTPayload {
  return {
    aud: AUDIENCE,
    iss: `${AUTHORITY}/${TENANT}/v2.0`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
    azp: CLIENT_ID,
    azpacr: "0",
    oid: OBJECT_ID,
    preferred_username: "ada@example.com",
    roles: ["Builder"],
    scp: "access",
    sub: "pairwise",
    tid: TENANT,
    ver: "2.0",
    ...changes,
  };
}

/** The same of an application, in version 1.0. */
export function applicationClaims(issuedAt: number, changes: JWTPayload = {}): JWTPayload {
  return {
    aud: AUDIENCE,
    iss: `https://sts.windows.net/${TENANT}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
    appid: CLIENT_ID,
    appidacr: "1",
    idtyp: "app",
    oid: OBJECT_ID,
    roles: ["Reader"],
    sub: OBJECT_ID,
    tid: TENANT,
    ver: "1.0",
    ...changes,
  };
}

export function signed(claims: JWTPayload, { kid, privateKey }: KeyPair): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256", kid }).sign(privateKey);
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Without a signature. */
export const unsigned = (claims: JWTPayload, kid: string) =>
  `${part({ typ: "JWT", alg: "none", kid })}.${part(claims)}.`;

/** Signed with the public key as the secret of an HMAC, which a verifier takes that lets the token choose. */
export function signedByPublicKey(claims: JWTPayload, { kid, publicKey }: KeyPair): string {
  const text = `${part({ typ: "JWT", alg: "HS256", kid })}.${part(claims)}`;
  const secret = publicKey.export({ type: "spki", format: "pem" });
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
