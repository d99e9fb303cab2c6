import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, ids, rawTemplate, readyTemplate, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { networkClient } from "../support/networkClient.ts";

const NSG = ids.network.replace("virtualNetworks/vnet-builds", "networkSecurityGroups/nsg-builds");

const names = async <T extends { name?: string }>(items: AsyncIterable<T>) => {
  const found: (string | undefined)[] = [];
  for await (const { name } of items) found.push(name);
  return found;
};

describe("what lies around the templates", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const get = (path: string, version: string, query = "") =>
    cloud.send("GET", `${path}?api-version=${version}${query}`);
  const putGroup = (name: string, location: string) =>
    cloud.send("PUT", `${ids.subscription}/resourceGroups/${name}?api-version=2021-04-01`, { body: { location } });

  describe("networks", () => {
    it("show their subnets, which are resources of their own", async () => {
      const { virtualNetworks, subnets } = networkClient(cloud, cloud.service);
      const network = await virtualNetworks.get("rg-network", "vnet-builds");
      expect(network.subnets?.[0]).toMatchObject({
        id: ids.subnet,
        name: "snet-builds",
        addressPrefix: "10.40.0.0/27",
      });
      const subnet = await subnets.get("rg-network", "vnet-builds", "snet-builds");
      expect(subnet).toMatchObject({
        privateLinkServiceNetworkPolicies: "Disabled",
        networkSecurityGroup: { id: NSG },
        provisioningState: "Succeeded",
      });
      expect(await names(subnets.list("rg-network", "vnet-builds"))).toEqual(network.subnets?.map(({ name }) => name));
      expect(await names(virtualNetworks.list("rg-network"))).toEqual(["vnet-builds"]);
    });

    it("count the addresses of each subnet without the five that are Azure's", async () => {
      const [usage] = (
        await networkClient(cloud, cloud.service).virtualNetworks.listUsage("rg-network", "vnet-builds").byPage().next()
      ).value;
      expect(usage).toMatchObject({
        id: ids.subnet,
        currentValue: 0,
        limit: 27,
        unit: "Count",
        name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
      });
    });

    it("change a subnet in both of its places", async () => {
      const { subnets, virtualNetworks } = networkClient(cloud, cloud.operator);
      await finish(
        cloud,
        subnets.createOrUpdate("rg-network", "vnet-builds", "second", { addressPrefix: "10.40.2.0/24" }),
      );
      const network = await virtualNetworks.get("rg-network", "vnet-builds");
      const second = network.subnets?.filter(({ name }) => name === "second") ?? [];
      expect(second).toMatchObject([{ privateLinkServiceNetworkPolicies: "Enabled" }]);
      network.subnets = second;
      await finish(cloud, virtualNetworks.createOrUpdate("rg-network", "vnet-builds", network));
      expect(await names(subnets.list("rg-network", "vnet-builds"))).toEqual(["second"]);
      await finish(cloud, subnets.delete("rg-network", "vnet-builds", "second"));
      expect(await names(subnets.list("rg-network", "vnet-builds"))).toEqual([]);
    });
  });

  describe("resource groups", () => {
    it("are read, looked for, listed, made and removed with all that is in them", async () => {
      const { resourceGroups, resources } = cloud.operator.resources;
      expect(await resourceGroups.get("RG-IMAGES")).toMatchObject({
        name: "rg-images",
        location: "westeurope",
        type: "Microsoft.Resources/resourceGroups",
      });
      expect(await resourceGroups.checkExistence("rg-images")).toMatchObject({ body: true });
      expect(await names(resourceGroups.list())).toContain("rg-network");
      await expect(resourceGroups.get("none")).rejects.toMatchObject({ code: "ResourceGroupNotFound" });

      expect(
        await resourceGroups.createOrUpdate("rg-new", { location: "West Europe", tags: { a: "b" } }),
      ).toMatchObject({ location: "westeurope" });
      const id = `${ids.subscription}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i`;
      await cloud.send("PUT", `${id}?api-version=2023-01-31`, { body: { location: "westeurope" } });
      expect(await names(resources.listByResourceGroup("rg-new"))).toEqual(["i"]);
      await finish(cloud, resourceGroups.delete("rg-new"));
      expect((await get(id, "2023-01-31")).body.error.code).toBe("ResourceGroupNotFound");
    });

    it("are in a region that there is, and stay there", async () => {
      expect(await putGroup("rg-new", "mars")).toMatchObject({
        status: 400,
        body: { error: { code: "LocationNotAvailableForResourceGroup" } },
      });
      expect(await putGroup("rg-images", "northeurope")).toMatchObject({
        status: 409,
        body: { error: { code: "InvalidResourceGroupLocation" } },
      });
    });

    it("tell of their deletion to whoever knows its URL, and of no other", async () => {
      const { headers } = await cloud.send("DELETE", `${ids.imageGroup}?api-version=2021-04-01`);
      const result = headers.get("location") ?? "";
      expect((await cloud.send("GET", result)).status).toBe(202);
      await cloud.pass(60);
      expect((await cloud.send("GET", result)).status).toBe(200);
      expect((await cloud.send("GET", result.replace(/[^/]+\?/, "none?"))).status).toBe(404);
    });

    it("take a template's staging group with them", async () => {
      await readyTemplate(cloud, "t");
      expect(cloud.state().resourceGroups.some(({ name }) => String(name).startsWith("IT_"))).toBe(true);
      await finish(cloud, cloud.operator.resources.resourceGroups.delete(TEMPLATE_GROUP));
      const others = landscape.resourceGroups.map(({ name }) => name).filter((name) => name !== TEMPLATE_GROUP);
      expect(cloud.state().resourceGroups.map(({ name }) => name)).toEqual(others.toSorted());
    });

    it("list their resources by type, without properties, to whoever may read them", async () => {
      await readyTemplate(cloud, "t");
      const group = (await rawTemplate(cloud, "t")).properties.exactStagingResourceGroup;
      const filter = encodeURIComponent("resourceType eq 'Microsoft.Storage/storageAccounts'");
      const path = `${group}/resources?api-version=2021-04-01&$filter=${filter}`;
      const seen = await cloud.send("GET", path, { as: serviceIdentity });
      expect(seen.body.value).toMatchObject([{ type: "Microsoft.Storage/storageAccounts" }]);
      expect(seen.body.value[0]).not.toHaveProperty("properties");
      expect(
        (await cloud.send("GET", `${ids.templateGroup}/resources?api-version=2021-04-01`, { as: builderIdentity })).body
          .value,
      ).toEqual([]);
      expect((await cloud.send("GET", path.replace("resourceType", "colour"))).status).toBe(400);
    });
  });

  it("a staging account is found by group and by subscription", async () => {
    await readyTemplate(cloud, "t");
    const group = (await rawTemplate(cloud, "t")).properties.exactStagingResourceGroup.split("/").at(-1);
    const { storageAccounts } = cloud.service.storage;
    const [byGroup, bySubscription] = [
      await names(storageAccounts.listByResourceGroup(group)),
      await names(storageAccounts.list()),
    ];
    expect(byGroup).toHaveLength(1);
    expect(bySubscription).toEqual(expect.arrayContaining(byGroup));
    expect(await storageAccounts.getProperties(group, byGroup[0] ?? "")).toMatchObject({
      kind: "StorageV2",
      allowBlobPublicAccess: false,
    });
  });

  it("an identity keeps its principal, and gets another when it is made again", async () => {
    const id = `${builderIdentity.id}-2`;
    const put = () => cloud.send("PUT", `${id}?api-version=2023-01-31`, { body: { location: "westeurope" } });
    const made = await put();
    expect(made).toMatchObject({ status: 201, body: { tags: {} } });
    expect(made.headers.get("location")).toBe(made.body.id);
    expect(made.body.id).toBe(id.replace("resourceGroups", "resourcegroups"));
    const first = made.body.properties;
    expect(first).toMatchObject({ tenantId: landscape.tenantId, clientId: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect((await put()).body.properties).toEqual(first);
    expect((await cloud.send("DELETE", `${id}?api-version=2023-01-31`)).status).toBe(200);
    expect((await cloud.send("DELETE", `${id}?api-version=2023-01-31`)).status).toBe(204);
    expect((await put()).body.properties.principalId).not.toBe(first.principalId);
  });

  it("an identity lists whose tokens stand for it", async () => {
    const id = `${builderIdentity.id}/federatedIdentityCredentials/build`;
    const properties = { issuer: "https://ci", subject: "repo", audiences: ["api://AzureADTokenExchange"] };
    const version = "?api-version=2023-01-31";
    expect((await cloud.send("PUT", id + version, { body: { properties } })).status).toBe(201);
    const list = await cloud.send("GET", `${builderIdentity.id}/federatedIdentityCredentials${version}`);
    expect(list.body.value).toMatchObject([{ name: "build", properties }]);
    expect(list.body.value[0].properties).toEqual(properties);
    expect((await cloud.send("PUT", id + version, { body: { properties: {} } })).status).toBe(400);
  });

  it("is made under an id in Azure's spelling, whatever that of the request", async () => {
    const sent = `${ids.network.toUpperCase()}/SUBNETS/Mixed?api-version=2025-05-01`;
    const made = await cloud.send("PUT", sent, { body: { properties: { addressPrefix: "10.40.3.0/24" } } });
    expect(made).toMatchObject({ status: 201, body: { id: `${ids.network}/subnets/Mixed` } });
  });

  it("is found whatever the case of its id", async () => {
    const answer = await get(ids.subnet.toUpperCase(), "2025-05-01");
    expect(answer.body.id).toBe(ids.subnet);
    expect((await get(ids.subnet.toLowerCase(), "2025-05-01")).status).toBe(200);
  });
});
