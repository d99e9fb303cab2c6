import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, grants, ids } from "../support/cloudTemplates.ts";

describe("propagation of role assignments", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ propagationSeconds: { min: 20, max: 40 } })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const reads = async () => {
    const path = `${ids.definition}?api-version=2024-03-03`;
    return (await cloud.send("GET", path, { as: builderIdentity })).status === 200;
  };
  const revoke = () => cloud.service.authorization.roleAssignments.delete(ids.imageGroup, grants.imageCreation);

  /** Milliseconds until each of the grants is effective. */
  const delays = async () => {
    cloud.reset();
    const start = cloud.clock.now();
    await grantBuilder(cloud);
    const made = cloud.state().roleAssignments.filter(({ standing }) => !standing);
    return made.map(({ effective }) => Date.parse(String(effective)) - start);
  };

  it("takes its time for a grant, which can be read back at once", async () => {
    await grantBuilder(cloud, "imageCreation");
    await cloud.service.authorization.roleAssignments.get(ids.imageGroup, grants.imageCreation);
    expect(await reads()).toBe(false);
    await cloud.pass(19);
    expect(await reads()).toBe(false);
    await cloud.pass(22);
    expect(await reads()).toBe(true);
  });

  it("takes its time for a removal too", async () => {
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(41);
    await revoke();
    expect(cloud.state().roleAssignments.some(({ name }) => name === grants.imageCreation)).toBe(false);
    expect(cloud.state().fadingRoleAssignments).toHaveLength(1);
    await cloud.pass(19);
    expect(await reads()).toBe(true);
    await cloud.pass(22);
    expect(await reads()).toBe(false);
    expect(cloud.state().fadingRoleAssignments).toEqual([]);
  });

  it("has another delay for each assignment, and the same for the same seed", async () => {
    const [one, other] = [await delays(), await delays()];
    expect(one).toEqual(other);
    expect(one[0]).not.toBe(one[1]);
  });

  it("never comes where a scenario says so, for the role and scope that it names", async () => {
    cloud.addFault({ scenario: "grant-never-propagates", role: landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE });
    await grantBuilder(cloud);
    await cloud.pass(3600);
    expect(await reads()).toBe(false);
    const effective = Object.fromEntries(cloud.state().roleAssignments.map(({ name, effective }) => [name, effective]));
    expect(effective[grants.imageCreation]).toBeNull();
    expect(effective[grants.networkJoin]).toEqual(expect.any(String));
    await revoke();
    expect(cloud.state().fadingRoleAssignments).toEqual([]);
  });

  it("never comes for a removal or another condition either, where a scenario says so", async () => {
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(41);
    cloud.addFault({ scenario: "grant-never-propagates", scope: ids.imageGroup });
    const never = "@Resource[Microsoft.Compute/images:name] StringEquals 'none'";
    await grantBuilder(cloud, "imageCreation", { condition: never, conditionVersion: "2.0" });
    await cloud.pass(3600);
    expect(await reads()).toBe(true);
    await revoke();
    await cloud.pass(3600);
    expect(await reads()).toBe(true);
    expect(cloud.state().fadingRoleAssignments).toContainEqual(expect.objectContaining({ effectiveUntil: null }));
  });

  it("comes when a scenario says so", async () => {
    cloud.addFault({ scenario: "grant-propagates-in", seconds: 0, scope: ids.imageGroup });
    await grantBuilder(cloud, "imageCreation");
    expect(await reads()).toBe(true);
    await revoke();
    expect(await reads()).toBe(false);
  });

  it("knows what was deployed before from the start", async () => {
    const standing = cloud.state().roleAssignments.filter(({ standing }) => standing);
    expect(standing.length).toBeGreaterThan(5);
    expect(await cloud.service.resources.resourceGroups.get("rg-images")).toMatchObject({ name: "rg-images" });
  });
});
