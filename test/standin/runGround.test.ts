import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  finish,
  galleryTarget,
  ids,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

const CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups";

describe("a run on ground that does not bear it", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  /** A template with two subnets, both with the policy of private link services on. */
  const isolated = async (delegations: { build: string[]; containers: string[] }) => {
    const put = (name: string, prefix: string, services: string[]) =>
      cloud.send("PUT", `${ids.network}/subnets/${name}?api-version=2025-05-01`, {
        body: {
          properties: {
            addressPrefix: prefix,
            privateLinkServiceNetworkPolicies: "Enabled",
            delegations: services.map((serviceName) => ({ name: "containers", properties: { serviceName } })),
          },
        },
      });
    await put("snet-builds", "10.40.0.0/27", delegations.build);
    await cloud.pass(60);
    await put("snet-containers", "10.40.1.0/27", delegations.containers);
    await cloud.pass(60);
    const containerInstanceSubnetId = `${ids.network}/subnets/snet-containers`;
    await readyTemplate(cloud, "t", { vmProfile: { vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId } } });
  };

  it("fails while it builds where the subnet's private link service policy is on", async () => {
    const body = { properties: { addressPrefix: "10.40.0.0/27", privateLinkServiceNetworkPolicies: "Enabled" } };
    await readyTemplate(cloud, "t");
    await cloud.send("PUT", `${ids.subnet}?api-version=2025-05-01`, { body });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({
      runState: "Failed",
      message: expect.stringContaining("PrivateLinkService Network Policy is not disabled for the given subnet"),
    });
    expect(Number(status?.endTime) - Number(status?.startTime)).toBeLessThan(5 * 60_000);
  });

  it("does not look at that policy where containers have a subnet of their own", async () => {
    await isolated({ build: [], containers: ["Microsoft.ContainerInstance/containerGroups"] });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(cloud.state().resources.map(({ type }) => type)).not.toContain("Microsoft.Network/privateLinkServices");
  });

  it.each([
    [
      "the containers' subnet is not delegated to them",
      { build: [], containers: [] },
      "SubnetMissingRequiredDelegation",
    ],
    [
      "the containers' subnet is delegated to others",
      { build: [], containers: ["Microsoft.Web/serverFarms"] },
      "Missing",
    ],
    [
      "the machine's subnet is delegated to containers",
      { build: [CONTAINER_GROUPS], containers: [CONTAINER_GROUPS] },
      "SubnetIsDelegated",
    ],
  ])("fails while it builds where %s, which creation does not look at", async (_, delegations, message) => {
    await isolated(delegations);
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed", message: expect.stringContaining(message) });
    expect(status?.message).toMatch(/OperationId: [\da-f-]{36}\.$/);
  });

  it.each<[string, string, string, object | undefined]>([
    ["is gone", "DELETE", "ResourceGroupNotFound", undefined],
    ["has lost the template's marks", "PATCH", "may be used by another image template", { tags: {} }],
  ])(
    "fails while it builds where the staging group %s, and the template can be deleted all the same",
    async (...row) => {
      const [, method, message, body] = row;
      await readyTemplate(cloud, "t");
      const { exactStagingResourceGroup } = (await rawTemplate(cloud, "t")).properties;
      await cloud.send(method, `${exactStagingResourceGroup}?api-version=2021-04-01`, { body });
      await cloud.pass(100);
      expect((await runToEnd(cloud, "t"))?.message).toMatch(
        new RegExp(`^Failed in building/customizing image: .*${message}.*OperationId: `),
      );
      await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
      expect(cloud.state().resourceGroups).not.toContainEqual(
        expect.objectContaining({ name: exactStagingResourceGroup.split("/").at(-1) }),
      );
    },
  );

  it("fails while it builds where the identity has lost its role on the staging group", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ scenario: "missing-staging-role" });
    expect((await runToEnd(cloud, "t"))?.message).toContain("Not authorized to access the resource");
  });

  it("fails while it builds where container instances are not registered any more", async () => {
    await readyTemplate(cloud, "t");
    const provider = `${ids.subscription}/providers/Microsoft.ContainerInstance`;
    expect((await cloud.send("POST", `${provider}/unregister?api-version=2021-04-01`)).status).toBe(200);
    expect((await runToEnd(cloud, "t"))?.message).toContain("Azure Container Instances provider not registered");
  });

  it("fails where the definition is of another generation than the source", async () => {
    const source = {
      type: "PlatformImage",
      publisher: "Debian",
      offer: "debian-13",
      sku: "13-gen2",
      version: "latest",
    };
    await cloud.send("PUT", `${ids.definition.replace("aks-jumpbox", "old")}?api-version=2024-03-03`, {
      body: {
        location: "westeurope",
        properties: {
          osType: "Linux",
          osState: "Generalized",
          hyperVGeneration: "V1",
          identifier: { publisher: "goldsmith", offer: "old", sku: "old" },
        },
      },
    });
    await cloud.pass(60);
    const distribute = [galleryTarget({ galleryImageId: ids.definition.replace("aks-jumpbox", "old") })];
    await readyTemplate(cloud, "t", { source, distribute });
    expect((await runToEnd(cloud, "t"))?.message).toContain("different Hyper-V Generation ['V2']");
  });
});
