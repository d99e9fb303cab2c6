import { ClientSecretCredential } from "@azure/identity";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { passwordForm, secretForm, TOKEN_PATH } from "../support/localTokens.ts";

const { tenantId, directory } = landscape;

let cloud: TestCloud;
beforeAll(async () => (cloud = await startCloud()));
afterAll(() => cloud.close());

const get = (path: string) => cloud.send("GET", path, { token: null });
const tokenFor = (form: Record<string, string>) =>
  cloud.send("POST", TOKEN_PATH, {
    token: null,
    body: new URLSearchParams(form).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
/** Verified by the keys that the tenant publishes, as its metadata names them. */
async function claimsOf(token: string) {
  const { body } = await get(`/${tenantId}/v2.0/.well-known/openid-configuration`);
  const { issuer, jwks_uri: keys } = body as { issuer: string; jwks_uri: string };
  const verified = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), { issuer, algorithms: ["RS256"] });
  return verified.payload;
}

describe("a tenant of Entra ID", () => {
  it("gives a person a token of version 2.0 with the person's app roles and scopes", async () => {
    const { status, body } = await tokenFor(passwordForm("builder"));
    expect(status).toBe(200);
    expect(await claimsOf((body as { access_token: string }).access_token)).toMatchObject({
      aud: directory.api.clientId,
      tid: tenantId,
      preferred_username: "builder@goldsmith.example",
      roles: ["Builder"],
      scp: "access",
      ver: "2.0",
    });
  });

  it("gives an application one without scopes, by the SDK that applications use", async () => {
    const [application] = directory.applications;
    const credential = new ClientSecretCredential(tenantId, application?.clientId ?? "", application?.secret ?? "", {
      authorityHost: cloud.url,
      disableInstanceDiscovery: true,
    });
    const { token } = await credential.getToken(`${directory.api.identifierUri}/.default`);
    const claims = await claimsOf(token);
    expect(claims).toMatchObject({ azp: application?.clientId, oid: application?.objectId, roles: ["Reader"] });
    expect(claims).not.toHaveProperty("scp");
  });

  it("tells no roles of who has none", async () => {
    const { body } = await tokenFor(passwordForm("nobody"));
    expect(decodeJwt((body as { access_token: string }).access_token)).not.toHaveProperty("roles");
  });

  it("gives a managed identity its app roles in a token for the application, and in no other", async () => {
    const { identifierUri } = directory.api;
    expect(decodeJwt(await cloud.tokenOf(operatorIdentity, identifierUri))).toMatchObject({ roles: ["Operator"] });
    expect(decodeJwt(await cloud.tokenOf(operatorIdentity))).not.toHaveProperty("roles");
    expect(decodeJwt(await cloud.tokenOf(serviceIdentity, identifierUri))).not.toHaveProperty("roles");
  });

  it.each<[string, Record<string, string>, number, string]>([
    [
      "an application that there is not",
      { ...secretForm("reader-application"), client_id: tenantId },
      400,
      "unauthorized_client",
    ],
    ["a wrong secret", { ...secretForm("reader-application"), client_secret: "x" }, 401, "invalid_client"],
    ["a wrong password", { ...passwordForm("builder"), password: "x" }, 400, "invalid_grant"],
    [
      "a resource that there is not",
      { ...secretForm("reader-application"), scope: "api://other/.default" },
      400,
      "invalid_resource",
    ],
    ["a scope that is none", { ...secretForm("reader-application"), scope: "api://goldsmith" }, 400, "invalid_scope"],
    ["another kind of grant", { ...secretForm("reader-application"), grant_type: "x" }, 400, "unsupported_grant_type"],
  ])("refuses %s", async (_, form, status, error) => {
    const answer = await tokenFor(form);
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.body).toMatchObject({ error_description: expect.stringMatching(/^AADSTS\d+: /) });
  });

  it("is the only one there is", async () => {
    const other = "00000000-0000-4000-8000-000000000001";
    expect(await get(`/${other}/discovery/v2.0/keys`)).toMatchObject({
      status: 400,
      body: { error: "invalid_tenant" },
    });
  });
});
