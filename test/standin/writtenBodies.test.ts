import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids, imageSource } from "../support/cloudTemplates.ts";

const ROUTES = `${ids.subscription}/resourceGroups/rg-network/providers/Microsoft.Network/routeTables/rt?api-version=2025-05-01`;
const IMAGE_VERSION = `${ids.definition}/versions/1.0.0?api-version=2024-03-03`;
const ACCOUNT = `${ids.imageGroup}/providers/Microsoft.Storage/storageAccounts/images1?api-version=2024-01-01`;

/** What becomes of a body that Azure takes. */
describe("a body that was written", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const write = (method: "PUT" | "PATCH", path: string, body: object) =>
    cloud.send(method, path, { body: method === "PUT" ? { location: "westeurope", ...body } : body });
  const putVersion = (...regions: string[]) => {
    const targetRegions = regions.map((name) => ({ name }));
    return write("PUT", IMAGE_VERSION, { properties: { ...imageSource, publishingProfile: { targetRegions } } });
  };

  it("has its words as Azure spells them, and nothing that was null", async () => {
    const route = { nextHopType: "internet", addressPrefix: "0.0.0.0/0", nextHopIpAddress: null };
    const { body } = await write("PUT", ROUTES, { properties: { routes: [{ name: "all", properties: route }] } });
    const { properties } = body.properties.routes[0];
    expect(properties).toMatchObject({ nextHopType: "Internet" });
    expect(properties).not.toHaveProperty("nextHopIpAddress");
  });

  it("has Azure's own facts, whatever the client says of them", async () => {
    const account = { kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await write("PUT", ACCOUNT, account);
    await cloud.pass(60);
    const said = { creationTime: "1999-01-01T00:00:00Z", statusOfPrimary: "unavailable", primaryLocation: "moon" };
    const { body } = await write("PUT", ACCOUNT, { ...account, properties: said });
    expect(body.properties).toMatchObject({ statusOfPrimary: "available", primaryLocation: "westeurope" });
    expect(body.properties.creationTime).not.toBe(said.creationTime);
  });

  it("keeps what a PATCH does not name, and when it was published", async () => {
    const { body: made } = await putVersion("westeurope", "uksouth");
    await cloud.pass(600);
    const change = { properties: { publishingProfile: { excludeFromLatest: true } } };
    const { body } = await write("PATCH", IMAGE_VERSION, change);
    expect(body.properties.publishingProfile).toEqual({
      ...made.properties.publishingProfile,
      excludeFromLatest: true,
    });
  });

  it("is refused that replicates an image to a region that is none", async () => {
    expect(await putVersion("westeurope", "atlantis")).toMatchObject({
      status: 400,
      body: { error: { code: "InvalidParameter", message: expect.stringContaining("targetRegions") } },
    });
  });
});
