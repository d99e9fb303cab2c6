import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  finish,
  galleryTarget,
  ids,
  rawTemplate,
  readyTemplate,
  TEMPLATE_GROUP,
  templateBody,
} from "../support/cloudTemplates.ts";

const swap = {
  type: "UserAssigned",
  userAssignedIdentities: { [builderIdentity.id]: null, [operatorIdentity.id]: {} },
};

describe("an image template that stands", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const patch = (body: object) => cloud.send("PATCH", `${ids.template("t")}?api-version=2025-10-01`, { body });
  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;

  it("cannot be put again, not even where it failed", async () => {
    const put = () => cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody() });
    const conflict = {
      status: 409,
      body: {
        error: {
          code: "Conflict",
          message: expect.stringMatching(/^Update\/Upgrade of image templates is currently not supported/),
        },
      },
    };
    expect((await put()).status).toBe(201);
    expect(await put()).toMatchObject(conflict);
    await cloud.pass(40);
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Failed");
    expect(await put()).toMatchObject(conflict);
  });

  it("takes other tags at once", async () => {
    await readyTemplate(cloud, "t");
    expect(await patch({ tags: { a: "b" } })).toMatchObject({ status: 200, body: { tags: { a: "b" } } });
  });

  it("takes another identity and other targets of the same outputs after a while", async () => {
    await readyTemplate(cloud, "t");
    const distribute = [galleryTarget({ excludeFromLatest: true })];
    const answer = await patch({ identity: swap, properties: { distribute, vmProfile: {} } });
    expect(answer).toMatchObject({ status: 202, text: "" });
    expect(answer.headers.get("azure-asyncoperation")).toBe(answer.headers.get("location"));
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Updating");
    await cloud.pass(10);
    const { identity, properties } = await rawTemplate(cloud, "t");
    expect(identity.userAssignedIdentities).toEqual({
      [operatorIdentity.id]: { principalId: operatorIdentity.principalId, clientId: operatorIdentity.clientId },
    });
    expect(properties).toMatchObject({
      provisioningState: "Succeeded",
      distribute: [{ excludeFromLatest: true, versioning: null }],
      vmProfile: { vmSize: "", osDiskSizeGB: 0 },
    });
  });

  it("can be patched by the SDK, which waits for it", async () => {
    await readyTemplate(cloud, "t");
    await finish(
      cloud,
      templates().update(TEMPLATE_GROUP, "t", { properties: { vmProfile: { vmSize: "Standard_D4s_v5" } } }),
    );
    expect((await templates().get(TEMPLATE_GROUP, "t")).vmProfile?.vmSize).toBe("Standard_D4s_v5");
  });

  it("fails where the targets that it is given cannot be read", async () => {
    await readyTemplate(cloud, "t");
    await patch({ properties: { distribute: [galleryTarget({ galleryImageId: `${ids.definition}-none` })] } });
    await cloud.pass(10);
    expect((await rawTemplate(cloud, "t")).properties).toMatchObject({
      provisioningState: "Failed",
      provisioningError: { provisioningErrorCode: "BadSharedImageDistribute" },
    });
  });

  it("stays deleted where its deletion begins while it is updated", async () => {
    await readyTemplate(cloud, "t");
    expect((await patch({ properties: { vmProfile: {} } })).status).toBe(202);
    expect((await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`)).status).toBe(202);
    await cloud.pass(10);
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Deleting");
  });

  it("changes nothing where anything of a PATCH is refused, or while it runs", async () => {
    await readyTemplate(cloud, "t");
    const before = await rawTemplate(cloud, "t");
    const dropped = await patch({
      tags: { a: "b" },
      properties: { distribute: [galleryTarget({ runOutputName: "other" })] },
    });
    expect(dropped).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^Distribute target with Runoutput name gallery not found/) } },
    });
    expect((await patch({ properties: { source: {} } })).body.error.message).toContain('unknown field "source"');
    expect(await rawTemplate(cloud, "t")).toEqual(before);
    await templates().run(TEMPLATE_GROUP, "t").submitted();
    expect((await patch({ identity: swap })).body.error.code).toBe("OperationNotAllowed");
    const old = `${ids.template("t")}?api-version=2023-07-01`;
    await cloud.pass(7200);
    expect((await cloud.send("PATCH", old, { body: { properties: { vmProfile: {} } } })).status).toBe(409);
  });

  it("is listed in its group and in the subscription", async () => {
    await readyTemplate(cloud, "t");
    const names: (string | undefined)[] = [];
    for await (const { name } of cloud.operator.imageBuilder.virtualMachineImageTemplates.list()) names.push(name);
    for await (const { name } of templates().listByResourceGroup(TEMPLATE_GROUP)) names.push(name);
    expect(names).toEqual(["t", "t"]);
    await expect(templates().get(TEMPLATE_GROUP, "none")).rejects.toMatchObject({
      code: "ResourceNotFound",
      message: expect.stringMatching(
        /^The Resource 'Microsoft.VirtualMachineImages\/imageTemplates\/none' under resource group 'rg-goldsmith-templates' was not found\./,
      ),
    });
  });
});
