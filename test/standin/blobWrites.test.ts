import { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, scriptContainer, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const [, account] = /storageAccounts\/([^/]+)/.exec(scriptContainer.id) ?? [];
const STORAGE = "https://storage.azure.com";
const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256);

describe("a blob that is written from outside", () => {
  let cloud: TestCloud;
  let container: ContainerClient;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => {
    cloud.reset();
    container = new ContainerClient(`${cloud.url}/${account}/scripts`, cloud.service.credential);
  });
  afterAll(() => cloud.close());
  const write = (content: Uint8Array, conditions = {}) =>
    container.getBlockBlobClient("a/b c.sh").upload(content, content.length, { conditions });

  it("is read as it is, with its type, and listed", async () => {
    await container.getBlockBlobClient("a/b c.sh").upload(bytes, bytes.length, {
      blobHTTPHeaders: { blobContentType: "text/x-sh" },
    });
    const blob = container.getBlobClient("a/b c.sh");
    expect(new Uint8Array(await blob.downloadToBuffer())).toEqual(bytes);
    expect(new Uint8Array(await blob.downloadToBuffer(10, 5))).toEqual(bytes.subarray(10, 15));
    const { contentLength, contentType, blobType } = await blob.getProperties();
    expect({ contentLength, contentType, blobType }).toEqual({
      contentLength: 300,
      contentType: "text/x-sh",
      blobType: "BlockBlob",
    });
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names).toEqual(["a/b c.sh"]);
  });

  it("replaces the one before, with another ETag, but where a condition forbids it", async () => {
    const { etag = "" } = await write(bytes);
    await expect(write(bytes, { ifNoneMatch: "*" })).rejects.toMatchObject({
      statusCode: 409,
      code: "BlobAlreadyExists",
    });
    const { etag: second } = await write(bytes.subarray(1), { ifMatch: etag });
    expect(second).not.toBe(etag);
    await expect(write(bytes, { ifMatch: etag })).rejects.toMatchObject({ statusCode: 412, code: "ConditionNotMet" });
    expect(await container.getBlobClient("a/b c.sh").downloadToBuffer()).toHaveLength(299);
  });

  it("may be empty", async () => {
    await write(new Uint8Array());
    expect(await container.getBlobClient("a/b c.sh").getProperties()).toMatchObject({ contentLength: 0 });
  });

  it.each([
    ["without its kind", {}, 400, "MissingRequiredHeader"],
    ["of another kind", { "x-ms-blob-type": "AppendBlob" }, 400, "InvalidHeaderValue"],
  ])("is refused %s", async (_, headers, status, code) => {
    const answer = await cloud.send("PUT", `${cloud.url}/${account}/scripts/x`, {
      token: await cloud.tokenOf(serviceIdentity, STORAGE),
      headers: { "x-ms-version": "2025-11-05", ...headers },
      body: "x",
    });
    expect([answer.status, answer.headers.get("x-ms-error-code")]).toEqual([status, code]);
  });

  it("takes a right to write, a container that is there, and an account that lets the caller in", async () => {
    const asBuilder = new ContainerClient(container.url, cloud.clientsOf(builderIdentity).credential);
    await expect(asBuilder.getBlockBlobClient("x").upload("x", 1)).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationPermissionMismatch",
    });
    const ofAccount = scriptContainer.id.split("/blobServices")[0] ?? "";
    await cloud.operator.authorization.roleAssignments.create(ofAccount, "9d3f4f0e-5d0b-4d7e-9b0a-000000000004", {
      roleDefinitionId: ids.role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
      principalId: serviceIdentity.principalId,
      principalType: "ServicePrincipal",
    });
    await cloud.pass(60);
    const other = new ContainerClient(container.url.replace(/scripts$/, "other"), cloud.service.credential);
    await expect(other.getBlockBlobClient("x").upload("x", 1)).rejects.toMatchObject({
      statusCode: 404,
      code: "ContainerNotFound",
    });
    await cloud.send("PATCH", `${ofAccount}?api-version=2024-01-01`, {
      body: { properties: { networkAcls: { defaultAction: "Deny" } } },
    });
    await expect(write(bytes)).rejects.toMatchObject({ statusCode: 403, code: "AuthorizationFailure" });
  });
});
