import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  TEMPLATE_GROUP,
  grantBuilder,
  ids,
  rawTemplate,
  readyTemplate,
  removeTemplate,
  stagingGroups,
  templateBody,
} from "../support/cloudTemplates.ts";

/** Managed Identity Operator. */
const OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";

describe("the creation of an image template", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  it("puts identities onto the build machine that the template's own may hand out, as the role for that lets it", async () => {
    await grantBuilder(cloud);
    const properties = { principalId: builderIdentity.principalId, roleDefinitionId: ids.role(OPERATOR) };
    const assignment = ids.assignment(serviceIdentity.id, OPERATOR);
    await cloud.send("PUT", `${assignment}?api-version=2022-04-01`, { body: { properties } });
    await cloud.pass(3600);
    await readyTemplate(cloud, "t", { vmProfile: { userAssignedIdentities: [serviceIdentity.id] } });
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Succeeded");
  });

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
    const [group] = stagingGroups(cloud);
    expect(group).toMatchObject({
      location: "westeurope",
      tags: {
        createdBy: "AzureVMImageBuilder",
        imageTemplateName: "t",
        imageTemplateResourceGroupName: TEMPLATE_GROUP,
        cost: "42",
      },
    });
    const accounts = cloud
      .state()
      .resources.filter(
        ({ type, id }) => type === "Microsoft.Storage/storageAccounts" && String(id).startsWith(String(group?.id)),
      );
    expect(accounts).toMatchObject([{ name: expect.stringMatching(/^[a-z0-9]{24}$/) }]);
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
    expect(stagingGroups(cloud)[0]?.name).toMatch(/^IT_rg-goldsmith-templates_a-template-with-a_[\da-f-]{36}$/);
    expect(String(stagingGroups(cloud)[0]?.name)).toHaveLength(80);
  });

  it("keeps a staging group's name that is free, and makes it", async () => {
    const stagingResourceGroup = `${ids.subscription}/resourceGroups/rg-own-staging`;
    await readyTemplate(cloud, "t", { stagingResourceGroup });
    expect((await rawTemplate(cloud, "t")).properties).toMatchObject({
      stagingResourceGroup,
      exactStagingResourceGroup: stagingResourceGroup,
    });
    await removeTemplate(cloud, "t");
    expect(cloud.state().resourceGroups.map(({ name }) => name)).not.toContain("rg-own-staging");
  });

  it("runs the image at once where autoRun says so", async () => {
    await readyTemplate(cloud, "t", { autoRun: { state: "Enabled" } });
    expect(cloud.state().runningBuilds).toHaveLength(1);
  });
});
