import type { JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import { entraTokens } from "../../../src/auth/entraTokens.ts";
import { signingKeys } from "../../../src/auth/signingKeys.ts";
import {
  applicationClaims,
  AUDIENCE,
  AUTHORITY,
  jwksOf,
  keyPair,
  OBJECT_ID,
  signed,
  signedByPublicKey,
  TENANT,
  unsigned,
  userClaims,
} from "../../support/entraTokens.ts";

const key = keyPair("one");
const other = keyPair("one");
const unknown = keyPair("two");
const now = Math.floor(Date.now() / 1000);
const read = entraTokens(
  { tenantId: TENANT, audiences: [AUDIENCE, "5d8f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b44"], authority: AUTHORITY },
  signingKeys(() => jwksOf(key)),
);
const callerOf = async (claims: JWTPayload) => {
  const told = await read(await signed(claims, key));
  return told.kind === "caller" ? told.caller : told;
};
const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));

describe("an access token of the tenant", () => {
  it("tells a person by tenant and object id, with the roles that it has", async () => {
    expect(await callerOf(userClaims(now))).toEqual({
      kind: "user",
      id: `${TENANT}/${OBJECT_ID}`,
      name: "ada@example.com",
      clientId: userClaims(now).azp,
      roles: ["Builder"],
    });
  });

  it("tells an application, also in version 1.0", async () => {
    expect(await callerOf(applicationClaims(now))).toMatchObject({ kind: "application", roles: ["Reader"] });
  });

  it("is an application's where it has no scopes, or says so itself", async () => {
    expect(await callerOf(userClaims(now, { scp: "" }))).toMatchObject({ kind: "application" });
    expect(await callerOf(userClaims(now, { idtyp: "app" }))).toMatchObject({ kind: "application" });
  });

  it("can be for any of the audiences", async () => {
    const aud = "5d8f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b44";
    expect(await callerOf(userClaims(now, { aud }))).toMatchObject({ kind: "user" });
  });

  it("may be off by the minute that clocks are", async () => {
    expect(await callerOf(userClaims(now - 3650))).toMatchObject({ kind: "user" });
    expect(await callerOf(userClaims(now + 50))).toMatchObject({ kind: "user" });
  });

  it.each([
    ["none", undefined, []],
    ["those of other services", ["Admin", "builder", "Builder:a:b", "Builder:UPPER"], []],
    ["a list that is none", "Builder", []],
  ])("gives no role with roles that are %s", async (_, roles, expected) => {
    expect(await callerOf(userClaims(now, { roles }))).toMatchObject({ kind: "user", roles: expected });
  });

  it("limits a role to images, unless another value gives it for all", async () => {
    const roles = ["Reader", "Builder:web-*", "Builder:aks-jumpbox", "Operator:x", "Operator"];
    expect(await callerOf(userClaims(now, { roles }))).toMatchObject({
      roles: ["Reader", "Builder", "Operator"],
      limits: { Builder: ["web-*", "aks-jumpbox"] },
    });
  });

  it("brings no line breaks or controls into a log by its name", async () => {
    const name = "ada\r\n\u202e\u2028@example.com";
    expect(await callerOf(userClaims(now, { preferred_username: name }))).toMatchObject({ name: "ada@example.com" });
  });
});

describe("a token", () => {
  it.each<[string, string, () => string | Promise<string>]>([
    ["that is none", "token-malformed", () => "hunter2"],
    ["of three empty parts", "token-malformed", () => ".."],
    ["that is expired", "token-expired", () => signed(userClaims(now - 3700), key)],
    ["that is not yet valid", "token-not-yet-valid", () => signed(userClaims(now + 120), key)],
    [
      "for another audience",
      "token-audience",
      () => signed(userClaims(now, { aud: "https://management.azure.com" }), key),
    ],
    [
      "of another tenant",
      "token-issuer",
      () => signed(userClaims(now, { iss: `${AUTHORITY}/${OBJECT_ID}/v2.0`, tid: OBJECT_ID }), key),
    ],
    ["whose tenant is not its issuer's", "token-tenant", () => signed(userClaims(now, { tid: OBJECT_ID }), key)],
    ["of another issuer", "token-issuer", () => signed(userClaims(now, { iss: "https://example.com/" }), key)],
    [
      "of the issuer without its slash",
      "token-issuer",
      () => signed(applicationClaims(now, { iss: `https://sts.windows.net/${TENANT}` }), key),
    ],
    ["signed with another key under this one's name", "token-signature", () => signed(userClaims(now), other)],
    [
      "whose claims were changed",
      "token-signature",
      async () => {
        const [header, , signature] = (await signed(userClaims(now), key)).split(".");
        const claims = Buffer.from(JSON.stringify(userClaims(now, { roles: ["Operator"] }))).toString("base64url");
        return [header, claims, signature].join(".");
      },
    ],
    ["with a key that there is not", "token-key-unknown", () => signed(userClaims(now), unknown)],
    ["without a signature", "token-algorithm", () => unsigned(userClaims(now), key.kid)],
    ["signed by HMAC with the public key", "token-algorithm", () => signedByPublicKey(userClaims(now), key)],
    ["without an expiry", "token-claims", () => signed(without(userClaims(now), "exp"), key)],
    ["without an object id", "token-claims", () => signed(without(userClaims(now), "oid"), key)],
    ["by which somebody signed in to a page", "token-claims", () => signed(without(userClaims(now), "azp"), key)],
  ])("is refused %s: %s", async (_, reason, make) => {
    expect(await read(await make())).toMatchObject({ kind: "refused", reason });
  });

  it("is told of with its holder where the signature proves who that is, and without anybody elsewhere", async () => {
    const holder = `${TENANT}/${OBJECT_ID}`;
    expect(await read(await signed(userClaims(now - 3700), key))).toMatchObject({ holder });
    expect(await read(await signed(userClaims(now - 3700), other))).not.toHaveProperty("holder");
    expect(await read(unsigned(userClaims(now), key.kid))).not.toHaveProperty("holder");
  });
});
