import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

interface ServedType {
  namespace: string;
  resourceType: string;
  apiVersions: string[];
  locations: string[];
}

/** What holds for each type that is served, whatever its behaviour. */
describe("every resource type", () => {
  let cloud: TestCloud;
  let types: ServedType[] = [];
  let collections: (ServedType & { path: string })[] = [];

  beforeAll(async () => {
    cloud = await startCloud({ throttling: false });
    const { body } = await cloud.send("GET", `${ids.subscription}/providers?api-version=2025-04-01`);
    types = body.value.flatMap(({ namespace, resourceTypes }: { namespace: string; resourceTypes: ServedType[] }) =>
      resourceTypes.map((type) => ({ ...type, namespace })),
    );
    collections = types
      .filter(({ resourceType, locations }) => !resourceType.includes("/") && locations.length > 0)
      .flatMap((type) =>
        [ids.subscription, ids.imageGroup].map((scope) => ({
          ...type,
          path: `${scope}/providers/${type.namespace}/${type.resourceType}`,
        })),
      );
  });
  afterAll(() => cloud.close());

  const newest = ({ apiVersions }: ServedType) => `?api-version=${apiVersions[0]}`;

  it("that has a location is listed by group and by subscription, in any case, with double slashes", async () => {
    expect(collections.length).toBeGreaterThan(30);
    for (const type of collections) {
      const seen = await cloud.send("GET", type.path + newest(type));
      expect({ path: type.path, status: seen.status, value: Array.isArray(seen.body?.value) }).toEqual({
        path: type.path,
        status: 200,
        value: true,
      });
      for (const path of [type.path.toUpperCase(), type.path.toLowerCase(), type.path.replaceAll("/", "//")]) {
        expect((await cloud.send("GET", path + newest(type))).text).toBe(seen.text);
      }
      expect(seen.headers.get("x-ms-routing-request-id")).toMatch(/^[A-Z]+:/);
    }
  });

  it("tells of a version that is missing, or that it does not have, and of those that it has", async () => {
    for (const type of collections) {
      expect((await cloud.send("GET", type.path)).body.error.code).toBe("MissingApiVersionParameter");
      const { status, body } = await cloud.send("GET", `${type.path}?api-version=1999-01-01`);
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: "NoRegisteredProviderFound" });
      expect(body.error.message).toContain(`for type '${type.resourceType}'`);
      for (const version of type.apiVersions) expect(body.error.message).toContain(version);
    }
  });

  it("that has a location needs one, of Azure's, and does not move", async () => {
    for (const type of collections.filter(({ path }) => path.includes("/resourceGroups/"))) {
      const put = (location?: string) =>
        cloud.send("PUT", `${type.path}/abc123${newest(type)}`, { body: { location, properties: {} } });
      expect((await put()).body.error.code).toBe("LocationRequired");
      expect((await put("atlantis")).body.error.code).toBe("LocationNotAvailableForResourceType");
    }
    const moved = { location: "northeurope", properties: { addressSpace: { addressPrefixes: ["10.40.0.0/22"] } } };
    expect(await cloud.send("PUT", `${ids.network}?api-version=2025-05-01`, { body: moved })).toMatchObject({
      status: 409,
      body: { error: { code: "InvalidResourceLocation" } },
    });
  });

  it("is 404 below what is not there, and 204 to delete", async () => {
    for (const type of collections.filter(({ path }) => path.includes("/resourceGroups/"))) {
      const one = `${type.path}/abc123${newest(type)}`;
      expect((await cloud.send("GET", one)).body.error.code).toBe("ResourceNotFound");
      expect((await cloud.send("HEAD", one)).status).toBe(404);
      expect((await cloud.send("DELETE", one)).status).toBe(204);
      const below = types.find(({ resourceType }) => resourceType.startsWith(`${type.resourceType}/`));
      if (!below || below.apiVersions.length === 0) continue;
      const child = `${type.path}/abc123/${below.resourceType.split("/")[1]}${newest(below)}`;
      expect((await cloud.send("GET", child)).body.error.code).toMatch(/^(ParentResourceNotFound|ResourceNotFound)$/);
    }
  });

  it.each([
    ["an encoded slash in a name", `${ids.network}%2Fsubnets%2Fsnet-builds?api-version=2025-05-01`, 400],
    ["encoded letters", `${ids.network.replace("vnet", "%76net")}?api-version=2025-05-01`, 200],
    ["an encoded slash between names", `${ids.network.replace("/virtual", "%2Fvirtual")}?api-version=2025-05-01`, 400],
    ["a percent sign in a name", `${ids.network}%25zz/subnets?api-version=2025-05-01`, 404],
    ["a plus sign", `${ids.network}+x?api-version=2025-05-01`, 404],
    ["a slash at the end", `${ids.network}/?api-version=2025-05-01`, 200],
    ["the parameter in capitals", `${ids.network}?API-VERSION=2025-05-01`, 200],
  ])("survives %s", async (_, path, status) => {
    expect((await cloud.send("GET", path)).status).toBe(status);
  });
});
