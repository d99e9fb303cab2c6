import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("tokens for ARM", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  afterAll(() => cloud.close());

  const read = (token: string | null) => cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`, { token });

  it("lets a good one in", async () => {
    expect((await read(await cloud.tokenOf(operatorIdentity))).status).toBe(200);
  });

  it("refuses none, and names who gives them", async () => {
    const answer = await read(null);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "AuthenticationFailed" } } });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer authorization_uri="https:\/\/login\./);
  });

  it("refuses one for another audience", async () => {
    const answer = await read(await cloud.tokenOf(operatorIdentity, "https://storage.azure.com"));
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "InvalidAuthenticationTokenAudience" } } });
  });

  it("refuses one that is not signed", async () => {
    const claims = decodeJwt(await cloud.tokenOf(operatorIdentity));
    const answer = await read(`${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "InvalidAuthenticationToken" } } });
  });

  it("refuses one that was changed", async () => {
    const [header, , signature] = (await cloud.tokenOf(operatorIdentity)).split(".");
    const claims = decodeJwt(await cloud.tokenOf(operatorIdentity));
    const answer = await read([header, part({ ...claims, oid: "somebody-else" }), signature].join("."));
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "InvalidAuthenticationToken" } } });
  });

  it("refuses one of another signer, and one signed with the public key as a secret", async () => {
    const token = await cloud.tokenOf(operatorIdentity);
    const { privateKey } = await generateKeyPair("RS256");
    const header = { ...decodeProtectedHeader(token), alg: "RS256" };
    const forged = await new SignJWT(decodeJwt(token)).setProtectedHeader(header).sign(privateKey);
    expect((await read(forged)).body.error.code).toBe("InvalidAuthenticationToken");
    const hmac = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ ...header, alg: "HS256" })
      .sign(new TextEncoder().encode("secret".repeat(10)));
    expect((await read(hmac)).body.error.code).toBe("InvalidAuthenticationToken");
  });

  it("refuses what is no token at all", async () => {
    expect((await read("not-a-token")).body.error.code).toBe("InvalidAuthenticationToken");
  });

  it("refuses one that has expired by the cloud's clock", async () => {
    const token = await cloud.tokenOf(operatorIdentity);
    await cloud.pass(24 * 3600 + 1);
    expect(await read(token)).toMatchObject({ status: 401, body: { error: { code: "ExpiredAuthenticationToken" } } });
    expect((await read(await cloud.tokenOf(operatorIdentity))).status).toBe(200);
  });
});
