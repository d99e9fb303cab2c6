import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork, NETWORK_GROUP, NETWORK_VERSION, networkRequests } from "../support/cloudNetwork.ts";
import { createTemplate, grantBuilder, grants, ids, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { networkClient } from "../support/networkClient.ts";

/** A built-in role. */
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

describe("subnets", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const { get, put, putSubnet, settle } = networkRequests(() => cloud);
  const ask = (address: string) =>
    cloud.send("GET", `${ids.network}/CheckIPAddressAvailability${NETWORK_VERSION}&ipAddress=${address}`);

  it.each([
    ["outside the network", { addressPrefix: "10.41.0.0/24" }, "NetcfgSubnetRangeOutsideVnet"],
    ["over another", { addressPrefix: "10.40.0.16/28" }, "NetcfgSubnetRangesOverlap"],
    ["with host bits", { addressPrefix: "10.40.1.5/24" }, "InvalidCIDRNotation"],
    ["without a length", { addressPrefixes: ["10.40.1.0"] }, "InvalidAddressPrefixFormat"],
    ["smaller than Azure's five addresses and three", { addressPrefix: "10.40.1.0/30" }, "NetcfgInvalidSubnet"],
    ["of which one prefix is too small", { addressPrefixes: ["10.40.1.0/28", "10.40.2.0/32"] }, "NetcfgInvalidSubnet"],
    ["whose own prefixes overlap", { addressPrefixes: ["10.40.1.0/24", "10.40.1.16/28"] }, "NetcfgSubnetRangesOverlap"],
    ["without addresses", {}, "InvalidAddressPrefixFormat"],
    ["with a prefix that is none", { addressPrefix: 7 }, "InvalidRequestFormat"],
    [
      "that name what is not there",
      { addressPrefix: "10.40.1.0/24", routeTable: { id: besideNetwork("routeTables", "none") } },
      "InvalidResourceReference",
    ],
    [
      "that name what is no id",
      { addressPrefix: "10.40.1.0/24", natGateway: { id: besideNetwork("natGateways", "%zz?") } },
      "InvalidResourceReference",
    ],
  ])("%s are refused, and nothing changes", async (_, properties, code) => {
    const before = await get(ids.network);
    const answer = await putSubnet("second", properties);
    expect(answer).toMatchObject({ status: 400, body: { error: { code, details: expect.any(Array) } } });
    const whole = { ...before.properties, subnets: [...before.properties.subnets, { name: "second", properties }] };
    expect((await put(ids.network, whole)).body.error.code).toBe(code);
    expect(await get(ids.network)).toEqual(before);
  });

  it("may be as small as /29, of which three addresses are left", async () => {
    expect((await putSubnet("least", { addressPrefix: "10.40.1.0/29" })).status).toBe(201);
    const { value } = await get(`${ids.network}/usages`);
    expect(value.at(-1)).toMatchObject({ id: `${ids.network}/subnets/least`, currentValue: 0, limit: 3 });
  });

  it("of IPv6 are /64, and their network's address space does not overlap with itself", async () => {
    await put(ids.network, { addressSpace: { addressPrefixes: ["10.40.0.0/22", "fd00:db8::/48"] } });
    const six = await putSubnet("six", { addressPrefix: "fd00:db8:0:1::/80" });
    expect(six.body.error.code).toBe("NetcfgInvalidSubnet");
    const twice = await put(ids.network, { addressSpace: { addressPrefixes: ["10.40.0.0/22", "10.40.0.0/16"] } });
    expect(twice.body.error.code).toBe("NetcfgInvalidVirtualNetworkSite");
  });

  it("may trade places in one write of their network", async () => {
    await putSubnet("second", { addressPrefix: "10.40.1.0/24" });
    const network = await get(ids.network);
    const [first, second] = [network.properties.subnets[0], network.properties.subnets.at(-1)];
    [first.properties.addressPrefix, second.properties.addressPrefix] = ["10.40.1.0/24", "10.40.0.0/27"];
    expect((await put(ids.network, network.properties)).status).toBe(200);
    expect((await get(ids.subnet)).properties.addressPrefix).toBe("10.40.1.0/24");
  });

  it("take what they name only from who may join that", async () => {
    const roles = cloud.operator.authorization.roleAssignments;
    await roles.create(ids.network, grants.networkJoin, {
      roleDefinitionId: ids.role(CONTRIBUTOR),
      principalId: builderIdentity.principalId,
      principalType: "ServicePrincipal",
    });
    await settle();
    const networkSecurityGroup = { id: besideNetwork("networkSecurityGroups", "nsg-builds") };
    const send = (properties: object) =>
      cloud.send("PUT", `${ids.network}/subnets/second${NETWORK_VERSION}`, {
        as: builderIdentity,
        body: { properties },
      });
    const refused = await send({ addressPrefix: "10.40.1.0/24", networkSecurityGroup });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: "LinkedAuthorizationFailed" } } });
    expect(refused.body.error.message).toContain("'Microsoft.Network/networkSecurityGroups/join/action'");
    expect((await send({ addressPrefix: "10.40.1.0/24" })).status).toBe(201);
  });

  it("of IPv6 lie beside those of IPv4", async () => {
    await put(ids.network, { addressSpace: { addressPrefixes: ["10.40.0.0/22", "fd00:db8::/48"] } });
    const addressPrefixes = ["10.40.1.0/24", "fd00:db8:0:1::/64"];
    expect((await putSubnet("both", { addressPrefixes })).status).toBe(201);
    expect((await putSubnet("six", { addressPrefix: "fd00:db8:1::/64" })).body.error.code).toMatch(/OutsideVnet$/);
    expect((await putSubnet("six", { addressPrefix: "fd00:db8:0:1::/64" })).body.error.code).toMatch(/Overlap$/);
  });

  it("show a delegation as a thing of its own", async () => {
    const delegations = [{ name: "aci", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } }];
    const made = await putSubnet("aci", { addressPrefix: "10.40.1.0/24", delegations });
    expect(made.body.properties.delegations).toMatchObject([
      {
        id: `${ids.network}/subnets/aci/delegations/aci`,
        type: "Microsoft.Network/virtualNetworks/subnets/delegations",
        properties: { ...delegations[0]?.properties, provisioningState: "Updating", actions: expect.any(Array) },
      },
    ]);
  });

  it("count and show what has an address in them, and stay as long as anything has", async () => {
    const nic = besideNetwork("networkInterfaces", "nic");
    const ipConfigurations = [{ name: "one", properties: { subnet: { id: ids.subnet } } }];
    const made = await put(nic, { ipConfigurations });
    expect(made.body.properties.ipConfigurations[0].properties.privateIPAddress).toBe("10.40.0.4");
    expect((await get(`${ids.network}/usages`)).value[0]).toMatchObject({ id: ids.subnet, currentValue: 1, limit: 27 });
    expect((await get(ids.subnet)).properties.ipConfigurations).toEqual([{ id: `${nic}/ipConfigurations/one` }]);
    for (const id of [ids.subnet, ids.network]) {
      const answer = await cloud.send("DELETE", id + NETWORK_VERSION);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InUseSubnetCannotBeDeleted" } } });
      expect(answer.body.error.message).toContain(`${nic}/ipConfigurations/one`);
    }
    expect((await put(ids.network, { subnets: [] })).body.error.code).toBe("InUseSubnetCannotBeDeleted");
    await cloud.send("DELETE", nic + NETWORK_VERSION);
    await settle();
    expect((await cloud.send("DELETE", ids.subnet + NETWORK_VERSION)).status).toBe(202);
  });

  it("are kept by the container groups of a build, which take addresses without showing", async () => {
    await putSubnet("aci", {
      addressPrefix: "10.40.1.0/24",
      delegations: [{ name: "aci", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } }],
    });
    const aci = `${ids.network}/subnets/aci`;
    await grantBuilder(cloud);
    await settle();
    await createTemplate(cloud, "t", {
      vmProfile: { vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId: aci } },
    });
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(120);
    const { properties } = await get(aci);
    expect(properties).not.toHaveProperty("ipConfigurations");
    expect(properties.serviceAssociationLinks).toMatchObject([
      { properties: { linkedResourceType: "Microsoft.ContainerInstance/containerGroups", allowDelete: false } },
    ]);
    expect((await get(`${ids.network}/usages`)).value.at(-1)).toMatchObject({ id: aci, currentValue: 1, limit: 251 });
    expect((await cloud.send("DELETE", aci + NETWORK_VERSION)).body.error.code).toBe("InUseSubnetCannotBeDeleted");
  });

  describe("addresses", () => {
    it.each([
      ["10.40.0.9", { available: true, availableIPAddresses: [], isPlatformReserved: false }],
      ["10.40.0.3", { available: false, isPlatformReserved: true }],
      ["10.40.0.31", { available: false, isPlatformReserved: true }],
    ])("%s of a subnet", async (address, expected) => {
      expect(await ask(address)).toMatchObject({ status: 200, body: expected });
    });

    it("that are taken are told with others that are not", async () => {
      const ipConfigurations = [{ name: "one", properties: { subnet: { id: ids.subnet } } }];
      await put(besideNetwork("networkInterfaces", "nic"), { ipConfigurations });
      const { virtualNetworks } = networkClient(cloud, cloud.operator);
      const answer = await virtualNetworks.checkIPAddressAvailability(NETWORK_GROUP, "vnet-builds", "10.40.0.4");
      expect(answer.available).toBe(false);
      expect(answer.availableIPAddresses).toEqual([5, 6, 7, 8, 9].map((last) => `10.40.0.${last}`));
    });

    it.each([
      ["10.50.0.4", "PrivateIPAddressNotInAnySubnet"],
      ["four", "InvalidIpAddressInQueryString"],
    ])("%s of no subnet", async (address, code) => {
      expect(await ask(address)).toMatchObject({ status: 400, body: { error: { code } } });
    });
  });

  it("show what they name by its id, and in full where that is asked for", async () => {
    const plain = (await get(ids.subnet)).properties;
    expect(Object.keys(plain.networkSecurityGroup)).toEqual(["id"]);
    const { body } = await cloud.send("GET", `${ids.subnet}${NETWORK_VERSION}&$expand=networkSecurityGroup`);
    expect(body.properties.networkSecurityGroup).toMatchObject({
      id: plain.networkSecurityGroup.id,
      location: "westeurope",
      properties: { defaultSecurityRules: expect.any(Array) },
    });
  });
});
