import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const GUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/;

describe("the front of ARM", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const get = (path: string, headers: Record<string, string> = {}) => cloud.send("GET", path, { headers });
  const group = `${ids.imageGroup}?api-version=2021-04-01`;

  it.each([
    ["an answer", group],
    ["an error", `${ids.imageGroup}-none?api-version=2021-04-01`],
  ])("puts its headers on %s", async (_, path) => {
    const { headers } = await get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-cache",
      pragma: "no-cache",
      expires: "-1",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-ms-request-id": expect.stringMatching(GUID),
      "x-ms-correlation-request-id": expect.stringMatching(GUID),
      "x-ms-ratelimit-remaining-subscription-reads": "249",
      "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
      date: new Date(cloud.clock.now()).toUTCString(),
    });
    const routing = headers.get("x-ms-routing-request-id") ?? "";
    expect(routing).toMatch(/^[A-Z]+:\d{8}T\d{6}Z:/);
    expect(routing.endsWith(headers.get("x-ms-correlation-request-id") ?? "-")).toBe(true);
  });

  it.each(["/nothing", "/nothing/below", "/Nothing", "/nothing?api-version=2021-04-01", "/favicon.ico"])(
    "says itself that there is nothing at %s, and not storage",
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 404, body: { error: { code: "NotFound" } } });
      expect((await cloud.send("GET", path, { token: null })).status).toBe(401);
    },
  );

  it("leaves to storage what speaks its language, also of an account that is no more", async () => {
    const answer = await get("/nothing/packerlogs", { "x-ms-version": "2025-11-05" });
    expect(answer.headers.get("x-ms-error-code")).toBe("ResourceNotFound");
  });

  it("tells everybody where the parts of the cloud are, as a list since 2018-05-01", async () => {
    const ask = (version: string) => cloud.send("GET", `/metadata/endpoints?api-version=${version}`, { token: null });
    const { status, body } = await ask("2019-05-01");
    expect(status).toBe(200);
    expect(body).toMatchObject([
      {
        name: "AzureCloud",
        resourceManager: `${cloud.url}/`,
        authentication: { loginEndpoint: "https://login.microsoftonline.com/", tenant: "common" },
      },
    ]);
    expect((await ask("2015-01-01")).body.authentication.audiences).toContain("https://management.azure.com/");
    expect(await ask("")).toMatchObject({ status: 400, body: { error: { code: "MissingApiVersionParameter" } } });
    expect((await cloud.send("DELETE", "/metadata/endpoints?api-version=2019-05-01", { token: null })).status).toBe(
      405,
    );
  });

  it("counts writes and deletes in buckets of their own, and fills them with time", async () => {
    const remaining = async (method: string, kind: string, path = group) => {
      const { headers } = await cloud.send(method, path, {
        body: method === "PUT" ? { location: "westeurope" } : undefined,
      });
      return [kind, "global-" + kind].map((name) => headers.get(`x-ms-ratelimit-remaining-subscription-${name}`));
    };
    expect(await remaining("PUT", "writes")).toEqual(["199", "2999"]);
    expect(await remaining("PUT", "writes")).toEqual(["198", "2998"]);
    expect(await remaining("DELETE", "deletes", `${ids.imageGroup}-none?api-version=2021-04-01`)).toEqual([
      "199",
      "2999",
    ]);
    await cloud.pass(1);
    expect(await remaining("PUT", "writes")).toEqual(["199", "2999"]);
  });

  it("tells of the tenant's buckets where no subscription is asked for", async () => {
    const { headers } = await get("/tenants?api-version=2022-12-01");
    expect(headers.get("x-ms-ratelimit-remaining-tenant-reads")).toBe("249");
    expect([...headers.keys()].filter((name) => name.startsWith("x-ms-ratelimit-"))).toHaveLength(1);
  });

  it("keeps the client's correlation id, and its request id where it asks for it", async () => {
    const correlation = "11111111-2222-4333-8444-555555555555";
    const { headers } = await get(group, {
      "x-ms-correlation-request-id": correlation,
      "x-ms-client-request-id": "mine",
      "x-ms-return-client-request-id": "true",
    });
    expect(headers.get("x-ms-correlation-request-id")).toBe(correlation);
    expect(headers.get("x-ms-client-request-id")).toBe("mine");
  });

  it.each<[string, string, number, string]>([
    ["no version", ids.imageGroup, 400, "MissingApiVersionParameter"],
    [
      "an unknown version of ARM's own types",
      `${ids.imageGroup}?api-version=2099-01-01`,
      400,
      "InvalidApiVersionParameter",
    ],
    [
      "an unknown version of a provider",
      `${ids.template("t")}?api-version=2019-05-01-preview`,
      400,
      "NoRegisteredProviderFound",
    ],
    [
      "an unknown provider",
      `${ids.imageGroup}/providers/Contoso.Things/things/t?api-version=2021-04-01`,
      404,
      "InvalidResourceNamespace",
    ],
    [
      "an unknown type",
      `${ids.imageGroup}/providers/Microsoft.Compute/abacuses/a?api-version=2021-04-01`,
      400,
      "InvalidResourceType",
    ],
    [
      "another subscription",
      "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg?api-version=2021-04-01",
      404,
      "SubscriptionNotFound",
    ],
    [
      "no subscription at all",
      "/subscriptions/mine/resourceGroups/rg?api-version=2021-04-01",
      400,
      "InvalidSubscriptionId",
    ],
    [
      "a group that is not there",
      `${ids.imageGroup}x/providers/Microsoft.Compute/images/i?api-version=2024-07-01`,
      404,
      "ResourceGroupNotFound",
    ],
    ["a parent that is not there", `${ids.network}x/subnets?api-version=2025-05-01`, 404, "ParentResourceNotFound"],
    [
      "a region that is none",
      `${ids.subscription}/providers/Microsoft.Compute/locations/atlantis/usages?api-version=2024-07-01`,
      400,
      "NoRegisteredProviderFound",
    ],
    ["a bad encoding", `${ids.imageGroup}%zz?api-version=2021-04-01`, 400, "InvalidRequestUri"],
    ["nothing", "/?api-version=2021-04-01", 404, "NotFound"],
  ])("says what is wrong with %s", async (_, path, status, code) => {
    const answer = await get(path);
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
    expect(Object.keys(answer.body)).toEqual(["error"]);
    expect(answer.body.error.message).toEqual(expect.any(String));
  });

  it("names the versions that it has", async () => {
    const answer = await get(`${ids.template("t")}?api-version=2000-01-01`);
    expect(answer.body.error.message).toContain("2024-02-01, 2025-10-01");
  });

  it.each([["PUT"], ["DELETE"], ["PATCH"], ["POST"]])("does not take %s where it means nothing", async (method) => {
    const answer = await cloud.send(method, `${ids.network}/usages?api-version=2025-05-01`, { body: {} });
    expect(answer.status).toBe(405);
  });
});
