import { createHash } from "node:crypto";
import { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, scriptContainer } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, ids, rawTemplate, templateBody } from "../support/cloudTemplates.ts";

const STORAGE = "?api-version=2024-01-01";
const BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const accountId = scriptContainer.id.split("/blobServices")[0] ?? "";
const text = "echo one\n";
const uri = `${scriptContainer.url}/it%20is.sh`;
const sha256Checksum = createHash("sha256").update(text).digest("hex");

describe("a script in a storage account", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(async () => {
    cloud.reset();
    const container = new ContainerClient(
      `${cloud.url}/${accountId.split("/").at(-1)}/scripts`,
      cloud.service.credential,
    );
    await container.getBlockBlobClient("it is.sh").upload(text, text.length);
    await grantBuilder(cloud);
  });
  afterAll(() => cloud.close());

  const letRead = () =>
    cloud.service.authorization.roleAssignments.create(scriptContainer.id, "9d3f4f0e-5d0b-4d7e-9b0a-000000000003", {
      roleDefinitionId: ids.role(BLOB_READER),
      principalId: builderIdentity.principalId,
      principalType: "ServicePrincipal",
    });
  const changeAccount = (properties: object) => cloud.send("PATCH", `${accountId}${STORAGE}`, { body: { properties } });

  /** What a template with that step ends as. */
  async function created(step: object, vnetConfig: object = { subnetId: ids.subnet }) {
    await cloud.pass(60);
    const vmProfile = { vmSize: "Standard_D2s_v5", vnetConfig };
    const body = templateBody({ customize: [step], vmProfile });
    expect((await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body })).status).toBe(201);
    await cloud.pass(60);
    const { provisioningState, provisioningError } = (await rawTemplate(cloud, "t")).properties;
    return { provisioningState, ...provisioningError };
  }
  const script = { type: "Shell", scriptUri: uri, sha256Checksum };
  const file = { type: "File", sourceUri: uri, sha256Checksum, destination: "/tmp/it" };
  const unavailable = {
    provisioningErrorCode: "NoCustomizerScript",
    message: `Resource ${uri} is unavailable. Please check the file exists and is accessible.`,
  };

  it.each([
    ["a script", script],
    ["a file", file],
  ])("is fetched as the template's identity where that may read %s", async (_, step) => {
    await letRead();
    expect(await created(step)).toEqual({ provisioningState: "Succeeded" });
  });

  it.each([
    ["a script", script],
    ["a file", file],
  ])("fails the template where its identity may not read %s", async (_, step) => {
    expect(await created(step)).toMatchObject(unavailable);
  });

  it("fails it where the blob is not there", async () => {
    await letRead();
    const missing = { ...script, scriptUri: `${scriptContainer.url}/no.sh` };
    expect(await created(missing)).toMatchObject({ provisioningErrorCode: "NoCustomizerScript" });
  });

  it("fails it where the blob has another checksum", async () => {
    await letRead();
    expect(await created({ ...script, sha256Checksum: "0".repeat(64) })).toMatchObject({
      provisioningErrorCode: "Other",
      message: expect.stringContaining("does not match the sha256Checksum"),
    });
  });

  it("is fetched without a right where it is public, as no file is", async () => {
    await changeAccount({ allowBlobPublicAccess: true });
    await cloud.send("PUT", `${scriptContainer.id}${STORAGE}`, { body: { properties: { publicAccess: "Blob" } } });
    expect(await created(script)).toEqual({ provisioningState: "Succeeded" });
    await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
    await cloud.pass(600);
    expect(await created(file)).toMatchObject(unavailable);
  });

  it("is out of reach behind the account's firewall", async () => {
    await letRead();
    await changeAccount({ networkAcls: { defaultAction: "Deny" } });
    expect(await created(script)).toMatchObject(unavailable);
  });
});
