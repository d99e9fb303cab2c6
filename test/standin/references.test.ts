/** What a write names beside itself has to be there, and to be written as Azure writes it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { SOURCE_IMAGE, startCloud, type TestCloud } from "../support/cloud.ts";
import { galleryTarget, grantBuilder, ids, rawTemplate, templateBody } from "../support/cloudTemplates.ts";

/** A built-in role. */
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

let cloud: TestCloud;
beforeAll(async () => (cloud = await startCloud()));
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const putVersion = (name: string, storageProfile: object) =>
  cloud.send("PUT", `${ids.definition}/versions/${name}?api-version=2024-03-03`, {
    body: { location: "westeurope", properties: { storageProfile } },
  });
const putTemplate = (properties: object, top: object = {}) =>
  cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody(properties, top) });
const absent = (id: string) => id.replace(/[^/]+$/, "absent");
const identities = (...userAssignedIdentities: string[]) => ({
  vmProfile: { userAssignedIdentities, vnetConfig: { subnetId: ids.subnet } },
});

describe("an image version", () => {
  it.each([
    ["its source", { source: { id: absent(SOURCE_IMAGE) } }],
    ["another version that it is made of", { source: { id: `${ids.definition}/versions/9.9.9` } }],
    ["the machine", { source: { virtualMachineId: absent(SOURCE_IMAGE).replace("images", "virtualMachines") } }],
    ["the disk", { osDiskImage: { source: { id: absent(SOURCE_IMAGE).replace("images", "disks") } } }],
    [
      "a data disk",
      { source: { id: SOURCE_IMAGE }, dataDiskImages: [{ lun: 0, source: { id: absent(SOURCE_IMAGE) } }] },
    ],
  ])("is refused where %s is not there", async (_, storageProfile) => {
    const { status, body } = await putVersion("1.0.0", storageProfile);
    expect({ status, code: body.error.code }).toEqual({ status: 404, code: "NotFound" });
    expect(body.error.message).toContain("Please check source image exists");
  });

  it("outlives its source, and is written again without it", async () => {
    const source = { id: SOURCE_IMAGE };
    expect((await putVersion("1.0.0", { source })).status).toBe(201);
    await cloud.pass(60);
    await cloud.send("DELETE", `${SOURCE_IMAGE}?api-version=2024-03-01`);
    await cloud.pass(60);
    expect((await putVersion("1.0.0", { source })).status).toBe(200);
    expect((await putVersion("1.0.1", { source: { id: `${ids.definition}/versions/1.0.0` } })).status).toBe(201);
  });

  it.each(["1.0.99999999999", "2147483648.0.0", "1.0", "1.0.x"])("is not numbered %s", async (name) => {
    const { status, body } = await putVersion(name, { source: { id: SOURCE_IMAGE } });
    expect({ status, code: body.error.code, target: body.error.target }).toEqual({
      status: 400,
      code: "InvalidParameter",
      target: "galleryImageVersionName",
    });
  });

  it("has numbers of up to 32 bits", async () => {
    expect((await putVersion("2147483647.0.0", { source: { id: SOURCE_IMAGE } })).status).toBe(201);
  });
});

describe("a template", () => {
  it.each([
    ["a name for an identity of its machine", identities("builder"), "userAssignedIdentities"],
    ["a subnet for an identity of its machine", identities(builderIdentity.id, ids.subnet), "userAssignedIdentities"],
    [
      "a version beyond 32 bits",
      { distribute: [galleryTarget({ galleryImageId: `${ids.definition}/versions/1.0.99999999999` })] },
      "galleryImageId",
    ],
  ])("is refused that names %s", async (_, properties, field) => {
    const { status, body } = await putTemplate(properties);
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: "ValidationFailed" });
    expect(body.error.message).toContain(`Field '${field}' has a bad value`);
  });

  it("fails to be made where an identity of its machine is not there", async () => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    await putTemplate(identities(absent(builderIdentity.id)));
    await cloud.pass(60);
    const { provisioningState, provisioningError } = (await rawTemplate(cloud, "t")).properties;
    expect({ provisioningState, message: provisioningError.message }).toEqual({
      provisioningState: "Failed",
      message: expect.stringContaining(absent(builderIdentity.id)),
    });
  });
});

describe("an identity of any resource", () => {
  it.each([
    ["has to be there", absent(builderIdentity.id), { status: 400, code: "FailedIdentityOperation" }],
    ["has to be one that the caller may hand out", ids.subnet, { status: 403, code: "LinkedAuthorizationFailed" }],
    ["is taken where it is", builderIdentity.id, { status: 202, code: undefined }],
  ])("%s", async (_, id, expected) => {
    const principalId = serviceIdentity.principalId;
    const grant = ids.assignment(ids.imageGroup, "9d3f4f0e-5d0b-4d7e-9b0a-00000000000b");
    const properties = { roleDefinitionId: ids.role(CONTRIBUTOR), principalId, principalType: "ServicePrincipal" };
    await cloud.send("PUT", `${grant}?api-version=2022-04-01`, { body: { properties } });
    await cloud.pass(60);
    const { status, body } = await cloud.send(
      "PUT",
      `${ids.imageGroup}/providers/Microsoft.Storage/storageAccounts/own1?api-version=2024-01-01`,
      {
        as: id === ids.subnet ? serviceIdentity : operatorIdentity,
        body: {
          location: "westeurope",
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
          identity: { type: "UserAssigned", userAssignedIdentities: { [id]: {} } },
        },
      },
    );
    expect({ status, code: body?.error?.code }).toEqual(expected);
  });
});
