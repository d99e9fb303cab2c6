import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, ids, imageSource, readyTemplate, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";

const VERSION = "?api-version=2025-03-03";
const COMPUTE = "?api-version=2024-07-01";
const GALLERY = ids.definition.split("/images/")[0] ?? "";
const REGION = `${ids.subscription}/providers/Microsoft.Compute/locations/westeurope`;

const names = (items: { name: string }[]) => items.map(({ name }) => name);

describe("Microsoft.Compute", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const get = async (id: string, query = VERSION) => (await cloud.send("GET", id + query)).body;
  const put = (id: string, properties: object) =>
    cloud.send("PUT", id + VERSION, { body: { location: "westeurope", properties } });
  const remove = (id: string) => cloud.send("DELETE", id + VERSION);
  const putVersion = (name: string, regions = ["westeurope", "northeurope"]) =>
    put(`${ids.definition}/versions/${name}`, {
      publishingProfile: { targetRegions: regions.map((region) => ({ name: region })) },
      ...imageSource,
    });

  describe("galleries", () => {
    it("have a name that is unique in all of Azure", async () => {
      expect((await get(GALLERY)).properties.identifier).toEqual({
        uniqueName: `${landscape.subscriptionId}-GOLDSMITH`,
      });
    });

    it("are written with an operation that tells when, and 201, then 200", async () => {
      const id = `${ids.imageGroup}/providers/Microsoft.Compute/galleries/more`;
      for (const [status, provisioningState] of [
        [201, "Creating"],
        [200, "Updating"],
      ]) {
        const answer = await put(id, { description: "d" });
        expect(answer).toMatchObject({ status, body: { properties: { provisioningState } } });
        const url = answer.headers.get("azure-asyncoperation") ?? "";
        expect(url).toContain("/locations/westeurope/capsOperations/");
        expect((await cloud.send("GET", url)).body).toMatchObject({
          status: "InProgress",
          startTime: expect.stringMatching(/\.\d{7}\+00:00$/),
          name: answer.headers.get("x-ms-request-id"),
        });
        await cloud.pass(60);
        expect((await cloud.send("GET", url)).body).toMatchObject({ status: "Succeeded", endTime: expect.any(String) });
        expect((await get(id)).properties.provisioningState).toBe("Succeeded");
      }
    });

    it.each([
      ["a gallery that is not empty", GALLERY, "Microsoft.Compute/galleries/goldsmith/images/aks-jumpbox"],
      [
        "a definition with versions",
        ids.definition,
        "Microsoft.Compute/galleries/goldsmith/images/aks-jumpbox/versions/1.0.0",
      ],
    ])("do not lose %s", async (_, id, nested) => {
      await putVersion("1.0.0");
      const answer = await remove(id);
      expect(answer).toMatchObject({ status: 409, body: { error: { code: "CannotDeleteResource" } } });
      expect(answer.body.error.message).toContain(nested);
    });

    it("lose what is deleted after a while", async () => {
      await putVersion("1.0.0");
      await cloud.pass(600);
      const answer = await remove(`${ids.definition}/versions/1.0.0`);
      expect(answer.status).toBe(202);
      expect((await cloud.send("GET", answer.headers.get("location") ?? "")).status).toBe(202);
      expect((await get(`${ids.definition}/versions/1.0.0`)).properties.provisioningState).toBe("Deleting");
      await cloud.pass(60);
      expect((await get(`${ids.definition}/versions/1.0.0`)).error.code).toBe("ResourceNotFound");
      expect((await remove(ids.definition)).status).toBe(202);
    });

    it.each<[string, object, number, string]>([
      ["no kind of system", { osType: "BeOS" }, 400, "InvalidRequestFormat"],
      ["another kind of system", { osType: "Windows" }, 409, "PropertyChangeNotAllowed"],
      ["another generation", { hyperVGeneration: "V1" }, 409, "PropertyChangeNotAllowed"],
      ["a description", { description: "d" }, 200, ""],
    ])("take definitions with %s as Azure does", async (_, changes, status, code) => {
      const { properties } = await get(ids.definition);
      const answer = await put(ids.definition, { ...properties, ...changes });
      expect({ status: answer.status, code: answer.body.error?.code ?? "" }).toEqual({ status, code });
    });

    it("refuse a gallery with a hyphen", async () => {
      const answer = await put(`${ids.imageGroup}/providers/Microsoft.Compute/galleries/a-b`, {});
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidParameter" } } });
      expect(answer.body.error.message).toContain("galleryName");
    });

    const west = { name: "westeurope" };
    it.each([
      ["that its own region is not among", [{ name: "northeurope" }], "must contain the location of image version"],
      ["one of which is there twice", [west, { name: "West Europe" }], "Duplicate regions are not allowed"],
      ["with replicas beyond 100", [{ ...west, regionalReplicaCount: 101 }], "is out of range"],
      [
        "without zones for storage in zones",
        [west, { name: "ukwest", storageAccountType: "Standard_ZRS" }],
        "ZRS storage account type is not supported in this region.",
      ],
    ])("refuse a version for regions %s", async (_, targetRegions, text) => {
      const answer = await put(`${ids.definition}/versions/1.0.0`, {
        publishingProfile: { targetRegions },
        ...imageSource,
      });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidParameter" } } });
      expect(answer.body.error.message).toContain(text);
    });
  });

  it("versions are Succeeded once every region has them, and tell how far each is", async () => {
    const version = `${ids.definition}/versions/1.0.0`;
    expect(await putVersion("1.0.0")).toMatchObject({
      status: 201,
      body: {
        properties: {
          provisioningState: "Creating",
          publishingProfile: { targetRegions: [{ name: "West Europe" }, { name: "North Europe" }] },
        },
      },
    });
    await cloud.pass(20);
    const expand = `${VERSION}&$expand=ReplicationStatus`;
    expect((await get(version, expand)).properties.replicationStatus).toMatchObject({
      aggregatedState: "InProgress",
      summary: [
        { region: "West Europe", state: "Completed", progress: 100 },
        { region: "North Europe", state: "Replicating", progress: expect.any(Number) },
      ],
    });
    expect((await get(version)).properties).not.toHaveProperty("replicationStatus");
    await cloud.pass(600);
    expect((await get(version)).properties.provisioningState).toBe("Succeeded");
  });

  it("versions go on to a region that is added later, and count as there only then", async () => {
    await putVersion("1.0.0", ["westeurope"]);
    await cloud.pass(60);
    expect((await putVersion("1.0.0")).body.properties.provisioningState).toBe("Updating");
    await cloud.pass(20);
    const { properties } = await get(`${ids.definition}/versions/1.0.0`, `${VERSION}&$expand=ReplicationStatus`);
    expect(properties).toMatchObject({
      provisioningState: "Updating",
      replicationStatus: { summary: [{ state: "Completed" }, { region: "North Europe", state: "Replicating" }] },
    });
    await cloud.pass(600);
    expect((await get(`${ids.definition}/versions/1.0.0`)).properties.provisioningState).toBe("Succeeded");
  });

  it("versions that are deleted while they are replicated go, and do not come back", async () => {
    for (let at = 0; at < 10; at++) await putVersion(`1.0.${at}`, ["westeurope"]);
    for (let at = 0; at < 10; at++) await remove(`${ids.definition}/versions/1.0.${at}`);
    await cloud.pass(60);
    expect((await get(`${ids.definition}/versions`)).value).toEqual([]);
  });

  describe("the marketplace", () => {
    const skus = `${REGION}/publishers/canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus`;

    it("lists publishers, offers, skus and versions as bare arrays", async () => {
      expect(names(await get(`${REGION}/publishers`, COMPUTE))).toContain("Canonical");
      const offers = await get(`${REGION}/publishers/Canonical/artifacttypes/vmimage/offers`, COMPUTE);
      expect(offers[0]).toEqual({
        location: "westeurope",
        name: "0001-com-ubuntu-server-focal",
        id: `/Subscriptions/${landscape.subscriptionId}/Providers/Microsoft.Compute/Locations/westeurope/Publishers/Canonical/ArtifactTypes/VMImage/Offers/0001-com-ubuntu-server-focal`,
      });
      expect(names(await get(skus, COMPUTE))).toEqual(["minimal", "server", "server-gen1"]);
      expect(await get(`${skus}/none/versions`, COMPUTE)).toMatchObject({ error: { code: "NotFound" } });
    });

    it("orders versions by number, not by letter, and gives the newest alone", async () => {
      const versions = `${skus}/server/versions`;
      const published = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.9.1" };
      await cloud.send("POST", "/_control/platformImages", { token: null, body: published });
      const list = async (query: string) => names(await get(versions, COMPUTE + query));
      expect(await list("&$top=1&$orderby=name desc")).toEqual(["24.9.1"]);
      expect(await list("")).toEqual(["24.04.202611100", "24.9.1"]);
      await cloud.send("POST", "/_control/platformImages", { token: null, body: { ...published, version: "24.8.2" } });
      expect(await list("")).toEqual(["24.04.202611100", "24.8.2", "24.9.1"]);
      expect(await list("&$filter=startswith(name,'24.04')")).toEqual(["24.04.202611100"]);
    });

    it("has a version no more that is taken off again, and takes off none that nobody put there", async () => {
      const published = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.9.1" };
      const control = (method: string) =>
        cloud.send(method, "/_control/platformImages", { token: null, body: published });
      await control("POST");
      expect((await control("DELETE")).status).toBe(201);
      expect(names(await get(`${skus}/server/versions`, COMPUTE))).toEqual(["24.04.202611100"]);
      expect(await get(`${skus}/server/versions/24.9.1`, COMPUTE)).toMatchObject({
        error: { code: "PlatformImageNotFound" },
      });
      expect((await control("DELETE")).status).toBe(400);
    });

    it("lists versions with their properties, as each of them shows alone", async () => {
      const published = {
        publisher: "Canonical",
        offer: "ubuntu-24_04-lts",
        sku: "server",
        version: "24.5.1",
        sizeGB: 64,
      };
      await cloud.send("POST", "/_control/platformImages", { token: null, body: published });
      const versions = `${skus}/server/versions`;
      const listed = await get(versions, `${COMPUTE}&$top=1&$orderby=name desc&$expand=Properties`);
      expect(listed).toEqual([
        { ...(await get(`${versions}/24.5.1`, COMPUTE)), id: expect.stringMatching(/\/Versions\/24\.5\.1$/) as string },
      ]);
      expect(listed[0].properties.osDiskImage).toEqual({ operatingSystem: "Linux", sizeInGb: 64 });
      expect((await get(versions, COMPUTE))[0]).not.toHaveProperty("properties");
      expect((await get(versions, `${COMPUTE}&$expand=Else`)).error.code).toBe("InvalidParameter");
    });

    it("shows one version", async () => {
      expect(await get(`${skus}/server/versions/24.04.202611100`, COMPUTE)).toMatchObject({
        name: "24.04.202611100",
        properties: { hyperVGeneration: "V2", architecture: "x64", osDiskImage: { operatingSystem: "Linux" } },
      });
      const none = await get(`${skus}/server/versions/1.2.3`, COMPUTE);
      expect(none.error.code).toBe("PlatformImageNotFound");
    });
  });

  it("quota counts the machines and container groups of builds, by family of sizes", async () => {
    const family = async (name: string) =>
      (await get(`${REGION}/usages`, COMPUTE)).value.find(
        (one: { name: { value: string } }) => one.name.value === name,
      );
    expect(await family("standardDSv5Family")).toEqual({
      limit: 100,
      unit: "Count",
      currentValue: 0,
      name: { value: "standardDSv5Family", localizedValue: "Standard DSv5 Family vCPUs" },
    });
    await grantBuilder(cloud);
    await readyTemplate(cloud, "t");
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(120);
    // The build machine, and the proxy beside it.
    expect(await family("standardDSv5Family")).toMatchObject({ currentValue: 2 });
    expect(await family("standardAv2Family")).toMatchObject({ currentValue: 1 });
    expect(await family("cores")).toMatchObject({ currentValue: 3 });
    const aci = `${ids.subscription}/providers/Microsoft.ContainerInstance/locations/westeurope/usages`;
    expect((await get(aci, "?api-version=2023-05-01")).value).toMatchObject([
      { name: { value: "ContainerGroups" }, currentValue: 1, limit: 100 },
      { name: { value: "StandardCores" }, currentValue: 4 },
    ]);
  });
});
