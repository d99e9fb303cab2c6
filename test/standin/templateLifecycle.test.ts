import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  finish,
  galleryTarget,
  grantBuilder,
  grants,
  ids,
  rawTemplate,
  readyTemplate,
  TEMPLATE_GROUP,
  templateBody,
  templateModel,
} from "../support/cloudTemplates.ts";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

const swap = {
  type: "UserAssigned",
  userAssignedIdentities: { [builderIdentity.id]: null, [operatorIdentity.id]: {} },
};

describe("an image template's life", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const patch = (body: object) => cloud.send("PATCH", `${ids.template("t")}?api-version=2025-10-01`, { body });
  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const remove = (name: string) => finish(cloud, templates().delete(TEMPLATE_GROUP, name));
  const stagingGroups = () => cloud.state().resourceGroups.filter(({ name }) => String(name).startsWith("IT_"));
  const failureOf = async (name: string, changes = {}) => {
    await expect(createTemplate(cloud, name, changes)).rejects.toThrow(
      "The long-running operation has failed. InternalOperationError.",
    );
    const { properties } = await rawTemplate(cloud, name);
    expect(properties.provisioningState).toBe("Failed");
    return properties.provisioningError;
  };

  describe("creation", () => {
    it("takes 11 to 35 seconds and then tells what it found out", async () => {
      await grantBuilder(cloud);
      await cloud.pass(60);
      const before = cloud.clock.now();
      const put = await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody() });
      const url = put.headers.get("azure-asyncoperation") ?? "";
      while ((await cloud.send("GET", url)).body.status === "InProgress") await cloud.pass(1);
      const took = (cloud.clock.now() - before) / 1000;
      expect(took).toBeGreaterThanOrEqual(11);
      expect(took).toBeLessThanOrEqual(36);
      const { identity, properties } = await rawTemplate(cloud, "t");
      expect(identity.userAssignedIdentities[builderIdentity.id]).toEqual({
        principalId: builderIdentity.principalId,
        clientId: builderIdentity.clientId,
      });
      expect(properties).toMatchObject({
        provisioningState: "Succeeded",
        source: { version: "latest", exactVersion: "24.04.202611100" },
      });
      expect(properties).not.toHaveProperty("lastRunStatus");
    });

    it("makes a staging group with image builder's marks, a storage account and the identity's right", async () => {
      await readyTemplate(cloud, "t", { managedResourceTags: { cost: "42" } });
      const [group] = stagingGroups();
      expect(group).toMatchObject({
        location: "westeurope",
        tags: {
          createdBy: "AzureVMImageBuilder",
          imageTemplateName: "t",
          imageTemplateResourceGroupName: TEMPLATE_GROUP,
          cost: "42",
        },
      });
      const accounts = cloud.state().resources.filter(({ type }) => type === "Microsoft.Storage/storageAccounts");
      expect(accounts).toMatchObject([
        { name: expect.stringMatching(/^[a-z0-9]{24}$/), id: expect.stringContaining(String(group?.id)) },
      ]);
      const [assignment] = cloud
        .state()
        .roleAssignments.filter(({ properties }) => (properties as { scope: string }).scope === group?.id);
      expect(assignment?.properties).toMatchObject({
        principalId: builderIdentity.principalId,
        roleDefinitionId: expect.stringContaining("b24988ac"),
      });
    });

    it("cuts the readable part of the staging group's name to 40 characters", async () => {
      const name = "a-template-with-a-very-long-name-indeed";
      await readyTemplate(cloud, name);
      expect(stagingGroups()[0]?.name).toMatch(/^IT_rg-goldsmith-templates_a-template-with-a_[\da-f-]{36}$/);
      expect(String(stagingGroups()[0]?.name)).toHaveLength(80);
    });

    it("keeps a staging group's name that is free, and makes it", async () => {
      const stagingResourceGroup = `${ids.subscription}/resourceGroups/rg-own-staging`;
      await readyTemplate(cloud, "t", { stagingResourceGroup });
      expect((await rawTemplate(cloud, "t")).properties).toMatchObject({
        stagingResourceGroup,
        exactStagingResourceGroup: stagingResourceGroup,
      });
      await remove("t");
      expect(cloud.state().resourceGroups.map(({ name }) => name)).not.toContain("rg-own-staging");
    });

    it("runs the image at once where autoRun says so", async () => {
      await readyTemplate(cloud, "t", { autoRun: { state: "Enabled" } });
      expect(cloud.state().runningBuilds).toHaveLength(1);
    });
  });

  it("may leave the staging group behind its template for a while, where a scenario says so", async () => {
    cloud.addFault({ scenario: "staging-group-lingers", seconds: 3600 });
    await readyTemplate(cloud, "t");
    await cloud.send("DELETE", `${ids.template("t")}?api-version=2024-02-01`);
    await cloud.pass(1800);
    expect((await cloud.send("GET", `${ids.template("t")}?api-version=2024-02-01`)).status).toBe(404);
    expect(stagingGroups()).toHaveLength(1);
    await cloud.pass(3600);
    expect(stagingGroups()).toEqual([]);
  });

  describe("what the template's identity may not do shows after the PUT, and never removes the template", () => {
    it("no right on the gallery", async () => {
      await grantBuilder(cloud, "networkJoin");
      await cloud.pass(60);
      const error = await failureOf("t");
      expect(error.provisioningErrorCode).toBe("BadSharedImageDistribute");
      expect(error.message).toMatch(`Not authorized to access the resource: ${ids.definition}.`);
      expect(stagingGroups()).toEqual([]);
    });

    it("no right to join the network", async () => {
      await grantBuilder(cloud, "imageCreation");
      await cloud.pass(60);
      expect((await failureOf("t")).message).toMatch(`Not authorized to access the resource: ${ids.network}.`);
    });

    it("a right that was granted a moment ago", async () => {
      cloud.addFault({ scenario: "grant-propagates-in", seconds: 120 });
      await grantBuilder(cloud);
      expect((await failureOf("t")).provisioningErrorCode).toBe("BadSharedImageDistribute");
      await remove("t");
      await cloud.pass(120);
      await createTemplate(cloud, "t");
    });

    it.each([
      [
        "an image definition that is not there",
        { distribute: [galleryTarget({ galleryImageId: `${ids.definition}-none` })] },
        "BadSharedImageDistribute",
      ],
      [
        "a platform image that is not there",
        { source: { ...templateModel().source, sku: "none" } as never },
        "BadPIRSource",
      ],
      [
        "a version of a platform image that is not there",
        { source: { ...templateModel().source, version: "24.04.199901010" } as never },
        "BadPIRSource",
      ],
      [
        "a gallery version that is not there",
        { source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/9.9.9` } },
        "BadSharedImageVersionSource",
      ],
      [
        "a managed image that is not there",
        { source: { type: "ManagedImage", imageId: `${ids.imageGroup}/providers/Microsoft.Compute/images/none` } },
        "BadManagedImageSource",
      ],
      ["a subnet that is not there", { vmProfile: { vnetConfig: { subnetId: `${ids.subnet}-none` } } }, "Other"],
      [
        "an identity of the machine's that it may not hand out",
        { vmProfile: { userAssignedIdentities: [operatorIdentity.id] } },
        "Other",
      ],
      ["a staging group that is not empty", { stagingResourceGroup: ids.imageGroup }, "BadStagingResourceGroup"],
    ])("%s", async (_, changes, code) => {
      await grantBuilder(cloud);
      await cloud.pass(60);
      expect((await failureOf("t", changes)).provisioningErrorCode).toBe(code);
    });

    it("a staging group of its own without the right there, or with another template's marks", async () => {
      const group = `${ids.subscription}/resourceGroups/rg-own`;
      const put = (tags: object) =>
        cloud.send("PUT", `${group}?api-version=2021-04-01`, { body: { location: "westeurope", tags } });
      await put({});
      await grantBuilder(cloud);
      await cloud.pass(60);
      expect((await failureOf("t", { stagingResourceGroup: group })).message).toMatch(
        "Not authorized to access the resource",
      );
      await put({ imageTemplateName: "another" });
      expect((await failureOf("u", { stagingResourceGroup: group })).message).toMatch(
        "may be used by another image template",
      );
    });
  });

  describe("afterwards", () => {
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

  describe("deletion", () => {
    it("is refused while the template is created", async () => {
      await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody() });
      const answer = await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
      expect(answer).toMatchObject({
        status: 409,
        body: {
          error: {
            code: "OperationNotAllowed",
            message: "Operation 'DELETE' is not allowed in provisioningState: 'creating'.",
          },
        },
      });
    });

    it("takes the staging group with it, after a while", async () => {
      await readyTemplate(cloud, "t");
      const operation = templates().delete(TEMPLATE_GROUP, "t");
      await operation.submitted();
      expect((await templates().get(TEMPLATE_GROUP, "t")).provisioningState).toBe("Deleting");
      await cloud.pass(91);
      expect(stagingGroups()).toEqual([]);
      expect(cloud.state().resources.map(({ type }) => type)).not.toContain("Microsoft.Storage/storageAccounts");
      expect(
        cloud
          .state()
          .roleAssignments.filter(({ standing }) => !standing)
          .map(({ name }) => name),
      ).toEqual(Object.values(grants));
      expect((await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`)).status).toBe(204);
    });

    it("empties a staging group that was there before, and leaves it", async () => {
      const group = `${ids.subscription}/resourceGroups/rg-own`;
      await cloud.send("PUT", `${group}?api-version=2021-04-01`, {
        body: { location: "westeurope", tags: { mine: "yes" } },
      });
      const contributor = ids.role("b24988ac-6180-42a0-ab88-20f7382dd24c");
      await cloud.operator.authorization.roleAssignments.create(group, "00000000-0000-4000-8000-00000000000c", {
        roleDefinitionId: contributor,
        principalId: builderIdentity.principalId,
      });
      await readyTemplate(cloud, "t", { stagingResourceGroup: group });
      const marked = cloud.state().resourceGroups.find(({ name }) => name === "rg-own");
      expect(marked?.tags).toMatchObject({ mine: "yes", usedBy: "AzureVMImageBuilder", imageTemplateName: "t" });
      await remove("t");
      expect(cloud.state().resourceGroups.find(({ name }) => name === "rg-own")?.tags).toEqual({ mine: "yes" });
      expect(cloud.state().resources.filter(({ id }) => String(id).startsWith(group))).toEqual([]);
    });

    it("fails once the identity is gone, until the template has another", async () => {
      await readyTemplate(cloud, "t");
      await cloud.send("DELETE", `${builderIdentity.id}?api-version=2023-01-31`);
      await expect(remove("t")).rejects.toThrow(/The assigned managed identity cannot be used/);
      // The new one has no right on the staging group but by taking the old one's place.
      const fresh = builderIdentity.id.replace(/[^/]+$/, "id-fresh");
      const made = await cloud.send("PUT", `${fresh}?api-version=2023-01-31`, { body: { location: "westeurope" } });
      for (const scope of [ids.imageGroup, ids.network]) {
        const { principalId } = made.body.properties as { principalId: string };
        const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId: ids.role(CONTRIBUTOR) };
        const assignment = `${ids.assignment(scope, randomUUID())}?api-version=2022-04-01`;
        expect((await cloud.send("PUT", assignment, { body: { properties } })).status).toBe(201);
      }
      await cloud.pass(3600);
      const userAssignedIdentities = { [builderIdentity.id]: null, [fresh]: {} };
      await patch({ identity: { type: "UserAssigned", userAssignedIdentities } });
      await cloud.pass(10);
      await remove("t");
      expect(stagingGroups()).toEqual([]);
    });
  });
});
