import { ResourceManagementClient } from "@azure/arm-resources";
import { ManagedIdentityCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { builderIdentity, landscape, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";

describe("the managed identity endpoint", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  afterAll(() => cloud.close());

  const ask = (query: Record<string, string>, header: string | undefined = cloud.identityHeader) =>
    fetch(`${cloud.identityUrl}?${new URLSearchParams(query).toString()}`, {
      headers: header ? { "x-identity-header": header } : {},
    });
  const arm = { "api-version": "2019-08-01", resource: "https://management.azure.com" };

  it("answers as App Service does", async () => {
    const answer = await ask({ ...arm, client_id: serviceIdentity.clientId });
    const body = (await answer.json()) as Record<string, string>;
    expect(answer.status).toBe(200);
    expect(body).toMatchObject({ resource: arm.resource, token_type: "Bearer", client_id: serviceIdentity.clientId });
    expect(body.expires_on).toMatch(/^\d+$/);
    expect(Number(body.expires_on) - cloud.clock.now() / 1000).toBeGreaterThan(2 * 3600);
    expect(decodeJwt(body.access_token ?? "")).toMatchObject({
      iss: `https://sts.windows.net/${landscape.tenantId}/`,
      tid: landscape.tenantId,
      oid: serviceIdentity.principalId,
      appid: serviceIdentity.clientId,
      aud: arm.resource,
      exp: Number(body.expires_on),
      xms_mirid: serviceIdentity.id,
    });
  });

  it.each([
    ["object_id", builderIdentity.principalId],
    ["principal_id", builderIdentity.principalId],
    ["mi_res_id", builderIdentity.id],
    ["client_id", builderIdentity.clientId.toUpperCase()],
  ])("finds an identity by %s", async (parameter, value) => {
    const body = (await (await ask({ ...arm, [parameter]: value })).json()) as { client_id: string };
    expect(body.client_id).toBe(builderIdentity.clientId);
  });

  it.each([
    ["no identity, since there is no system-assigned one", {}],
    ["an unknown client id", { client_id: landscape.tenantId }],
    ["another version", { client_id: operatorIdentity.clientId, "api-version": "2017-09-01" }],
    ["no resource", { client_id: operatorIdentity.clientId, resource: "" }],
  ])("refuses %s with a status code and a message", async (_, query) => {
    const answer = await ask({ ...arm, ...query });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ statusCode: 400, message: expect.any(String) });
  });

  // The SDK keeps the endpoint as long as the process lives, in which no other test uses it: see credentialFrom.
  it("signs the SDK's own credential in, which Azure Resource Manager then takes", async () => {
    vi.stubEnv("IDENTITY_ENDPOINT", cloud.identityUrl);
    vi.stubEnv("IDENTITY_HEADER", cloud.identityHeader);
    try {
      const credential = new ManagedIdentityCredential({ clientId: operatorIdentity.clientId });
      const { token } = await credential.getToken(`${arm.resource}/.default`);
      expect(decodeJwt(token)).toMatchObject({ oid: operatorIdentity.principalId, aud: arm.resource });
      const client = new ResourceManagementClient(credential, landscape.subscriptionId, { endpoint: cloud.url });
      expect(await client.resourceGroups.get("rg-images")).toMatchObject({ name: "rg-images" });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("gives nothing without the right header", async () => {
    expect((await ask({ ...arm, client_id: serviceIdentity.clientId }, "wrong")).status).toBe(401);
    const without = await fetch(
      `${cloud.identityUrl}?${new URLSearchParams({ ...arm, client_id: serviceIdentity.clientId }).toString()}`,
    );
    expect(without.status).toBe(401);
  });
});
