import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, ids, readyTemplate, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";

/** A built-in role, and the name of its assignment. */
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const STAGING_GRANT = "9d3f4f0e-5d0b-4d7e-9b0a-00000000000a";

let cloud: TestCloud;
beforeAll(async () => (cloud = await startCloud()));
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const get = (path: string, version: string) => cloud.send("GET", `${path}?api-version=${version}`);

/** Deletes a group in which something stays. @returns the error that the deletion ends with. */
const blockedDeletion = async (group: string) => {
  const { headers } = await cloud.send("DELETE", `${group}?api-version=2021-04-01`);
  await cloud.pass(60);
  const { status, body } = await cloud.send("GET", headers.get("location") ?? "");
  expect({ status, code: body.error.code }).toEqual({ status: 409, code: "ResourceGroupDeletionBlocked" });
  expect((await get(group, "2021-04-01")).body.properties.provisioningState).toBe("Succeeded");
  return body.error;
};

describe("resource groups that are deleted", () => {
  it("stay with a template that is run, and with what is used from outside", async () => {
    await readyTemplate(cloud, "t");
    await cloud.send("POST", `${ids.template("t")}/run?api-version=2025-10-01`);
    await cloud.pass(600);
    const ofTemplates = await blockedDeletion(ids.templateGroup);
    expect(ofTemplates.message).toContain("'Microsoft.VirtualMachineImages/imageTemplates/t'");
    expect(ofTemplates.details).toEqual([
      {
        target: expect.stringMatching(/imageTemplates\/t$/),
        message: expect.stringContaining("OperationNotAllowed"),
      },
    ]);
    const ofNetwork = await blockedDeletion(`${ids.subscription}/resourceGroups/rg-network`);
    expect(ofNetwork.details).toContainEqual({
      target: ids.network,
      message: expect.stringContaining("InUseSubnetCannotBeDeleted"),
    });
    expect((await get(ids.subnet, "2025-05-01")).status).toBe(200);
  });

  it("empty the staging group that a template in them was given, and leave it", async () => {
    const staging = `${ids.subscription}/resourceGroups/rg-own-staging`;
    await cloud.send("PUT", `${staging}?api-version=2021-04-01`, { body: { location: "westeurope" } });
    const properties = { roleDefinitionId: ids.role(CONTRIBUTOR), principalId: builderIdentity.principalId };
    await cloud.send("PUT", `${ids.assignment(staging, STAGING_GRANT)}?api-version=2022-04-01`, {
      body: { properties },
    });
    await readyTemplate(cloud, "t", { stagingResourceGroup: staging });
    const contents = async () => (await get(`${staging}/resources`, "2021-04-01")).body.value;
    expect(await contents()).toHaveLength(1);
    await finish(cloud, cloud.operator.resources.resourceGroups.delete(TEMPLATE_GROUP));
    expect(await contents()).toEqual([]);
  });
});
