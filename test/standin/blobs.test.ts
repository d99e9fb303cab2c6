import { BlobClient, BlobServiceClient, ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity, landscape, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { type SendOptions, startCloud, type TestCloud } from "../support/cloud.ts";
import { readyTemplate, runToEnd, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";

const STORAGE = "https://storage.azure.com";

/** The account that image builder has made. */
const stagingAccount = (cloud: TestCloud) =>
  cloud
    .state()
    .resources.find(
      ({ id, type }) =>
        type === "Microsoft.Storage/storageAccounts" && !landscape.resources.some((one) => one.id === id),
    );

describe("blobs of a staging account", () => {
  let cloud: TestCloud;
  let endpoint: string;
  let container: ContainerClient;
  /** Names of the logs of two runs. */
  let names: string[];
  beforeAll(async () => {
    cloud = await startCloud();
    await readyTemplate(cloud, "t");
    await runToEnd(cloud, "t");
    await runToEnd(cloud, "t");
    const account = stagingAccount(cloud);
    ({ blob: endpoint } = Object(account?.properties).primaryEndpoints);
    container = new ContainerClient(`${endpoint}packerlogs`, cloud.service.credential);
    names = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
  });
  afterAll(() => cloud.close());

  const raw = async (method: string, path: string, options: SendOptions = {}) =>
    cloud.send(method, endpoint + path, {
      token: await cloud.tokenOf(options.as ?? serviceIdentity, STORAGE),
      ...options,
      headers: { "x-ms-version": "2025-11-05", ...options.headers },
    });

  it("are one folder a run, each with its log", () => {
    expect(names).toHaveLength(2);
    expect(new Set(names.map((name) => name.split("/")[0])).size).toBe(2);
    expect(names.every((name) => name.endsWith("/customization.log"))).toBe(true);
  });

  it("list page by page, by prefix and by folder", async () => {
    const pages: string[][] = [];
    for await (const { segment } of container.listBlobsFlat().byPage({ maxPageSize: 1 }))
      pages.push(segment.blobItems.map(({ name }) => name));
    expect(pages).toEqual(names.map((name) => [name]));
    const folders: string[] = [];
    for await (const item of container.listBlobsByHierarchy("/")) folders.push(`${item.kind} ${item.name}`);
    expect(folders).toEqual(names.map((name) => `prefix ${name.split("/")[0]}/`));
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: names[1]?.slice(0, 20) ?? "" })) found.push(name);
    expect(found).toEqual([names[1]]);
  });

  describe("with a key", () => {
    let id: string;
    beforeAll(() => {
      id = String(stagingAccount(cloud)?.id);
    });
    const keys = async (): Promise<{ value: string }[]> =>
      (await cloud.send("POST", `${id}/listKeys?api-version=2024-01-01`)).body.keys;
    const signedIn = (key: string | undefined) => {
      const credential = new StorageSharedKeyCredential(id.split("/").at(-1) ?? "", key ?? "");
      return new ContainerClient(`${endpoint}packerlogs`, credential);
    };

    it("are listed and read by whoever has it, without a role", async () => {
      for (const { value } of await keys()) {
        const found: string[] = [];
        for await (const { name } of signedIn(value).listBlobsFlat({ prefix: names[1] ?? "" })) found.push(name);
        expect(found).toEqual([names[1]]);
        const part = await signedIn(value)
          .getBlobClient(names[0] ?? "")
          .downloadToBuffer(10, 20);
        expect(part).toHaveLength(20);
      }
    });

    it("are kept from who has another, or where the account takes none", async () => {
      const [first] = await keys();
      const wrong = signedIn(Buffer.from("wrong").toString("base64")).getProperties();
      await expect(wrong).rejects.toMatchObject({ statusCode: 403, code: "AuthenticationFailed" });
      const path = `${id}?api-version=2024-01-01`;
      await cloud.send("PATCH", path, { body: { properties: { allowSharedKeyAccess: false } } });
      await expect(signedIn(first?.value).getProperties()).rejects.toMatchObject({
        statusCode: 403,
        code: "KeyBasedAuthenticationNotPermitted",
      });
      await cloud.send("PATCH", path, { body: { properties: { allowSharedKeyAccess: true } } });
      expect((await signedIn(first?.value).getProperties()).leaseState).toBe("available");
    });
  });

  it("are read whole, in part, and only their head", async () => {
    const blob = container.getBlobClient(names[0] ?? "");
    const whole = (await blob.downloadToBuffer()).toString();
    const { contentLength, contentType, blobType, etag } = await blob.getProperties();
    expect({ contentLength, contentType, blobType }).toEqual({
      contentLength: whole.length,
      contentType: "text/plain",
      blobType: "BlockBlob",
    });
    const part = await blob.download(10, 20);
    expect(part).toMatchObject({ contentLength: 20, contentRange: `bytes 10-29/${whole.length}`, etag });
    const chunks: Buffer[] = [];
    for await (const chunk of part.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString()).toBe(whole.slice(10, 30));
    expect(await raw("GET", `packerlogs/${names[0]}`, { headers: { range: "bytes=9999999-" } })).toMatchObject({
      status: 416,
    });
  });

  it("are in containers that are listed to who may read them", async () => {
    const { credential } = cloud.clientsOf(operatorIdentity);
    const names: string[] = [];
    for await (const { name } of new BlobServiceClient(endpoint, credential).listContainers()) names.push(name);
    expect(names).toEqual(["packerlogs"]);
    const none: string[] = [];
    for await (const { name } of new BlobServiceClient(endpoint, credential).listContainers({ prefix: "x" }))
      none.push(name);
    expect(none).toEqual([]);
    // Who may read blobs may not list containers for that.
    const readers = new BlobServiceClient(endpoint, cloud.service.credential).listContainers();
    await expect(readers.next()).rejects.toMatchObject({ statusCode: 403, code: "AuthorizationPermissionMismatch" });
    expect((await raw("GET", "?comp=properties", { as: operatorIdentity })).status).toBe(405);
  });

  it("answer in the service's own XML where something is not there", async () => {
    await expect(container.getBlobClient("none").download()).rejects.toMatchObject({
      statusCode: 404,
      code: "BlobNotFound",
    });
    expect(await raw("GET", `packerlogs/none`)).toMatchObject({
      status: 404,
      text: expect.stringContaining("<Code>BlobNotFound</Code>"),
    });
    const operators = await raw("GET", "other?restype=container&comp=list");
    expect(operators).toMatchObject({
      status: 403,
      text: expect.stringContaining("<Code>AuthorizationPermissionMismatch</Code>"),
    });
  });

  it.each([
    ["the builder, who has no role on data", builderIdentity],
    ["the operator, whose ownership is none of data either", operatorIdentity],
  ])("are not read by %s", async (_, as) => {
    const client = new BlobClient(`${endpoint}packerlogs/${names[0]}`, cloud.clientsOf(as).credential);
    await expect(client.download()).rejects.toMatchObject({ statusCode: 403, code: "AuthorizationPermissionMismatch" });
  });

  it("are read only in the container that the role's condition names", async () => {
    expect((await raw("GET", "vhds/x.vhd")).status).toBe(403);
    const service = new BlobServiceClient(endpoint, cloud.service.credential);
    await expect(service.listContainers().next()).rejects.toMatchObject({ statusCode: 403 });
  });

  it("are read in every container by Storage Blob Data Reader, once it has propagated", async () => {
    await cloud.operator.authorization.roleAssignments.create(
      `/subscriptions/${(await cloud.operator.resources.resourceGroups.get(TEMPLATE_GROUP)).id?.split("/")[2]}`,
      "00000000-0000-4000-8000-00000000000d",
      {
        roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        principalId: operatorIdentity.principalId,
      },
    );
    expect((await raw("GET", "other/x", { as: operatorIdentity })).status).toBe(403);
    await cloud.pass(60);
    expect(await raw("GET", "other/x", { as: operatorIdentity })).toMatchObject({
      status: 404,
      text: expect.stringContaining("ContainerNotFound"),
    });
  });

  it("are not public, and refuse tokens for another audience", async () => {
    const path = `packerlogs/${names[0]}`;
    expect(await raw("GET", path, { token: null })).toMatchObject({
      status: 409,
      text: expect.stringContaining("<Code>PublicAccessNotPermitted</Code>"),
    });
    const arm = await raw("GET", path, { token: await cloud.tokenOf(serviceIdentity) });
    expect(arm.status).toBe(401);
    expect(arm.headers.get("www-authenticate")).toContain("resource_id=https://storage.azure.com");
  });

  it("are not written by who may only read them", async () => {
    expect((await raw("PUT", "packerlogs/mine", { body: "{}" })).status).toBe(403);
  });

  it("show a log from the moment packer is at work, while the run is Building, and let it grow", async () => {
    const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
    await templates.run(TEMPLATE_GROUP, "t").submitted();
    const newest = async () => {
      const found: string[] = [];
      for await (const { name } of container.listBlobsFlat()) if (!names.includes(name)) found.push(name);
      return found[0];
    };
    const phase = async () => (await templates.get(TEMPLATE_GROUP, "t")).lastRunStatus?.runSubState;
    expect(await newest()).toBeUndefined();
    while ((await newest()) === undefined) await cloud.pass(5);
    expect(await phase()).toBe("Building");
    const blob = container.getBlobClient((await newest()) ?? "");
    const lengths = [(await blob.getProperties()).contentLength ?? 0];
    await cloud.pass(200);
    lengths.push((await blob.getProperties()).contentLength ?? 0);
    await cloud.pass(3600);
    lengths.push((await blob.getProperties()).contentLength ?? 0);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(new Set(lengths).size).toBe(3);
    expect((await blob.downloadToBuffer()).toString()).toContain("Builds finished but no artifacts were created.");
  });
});
