import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork, NETWORK_GROUP, NETWORK_VERSION, networkRequests } from "../support/cloudNetwork.ts";
import { ids } from "../support/cloudTemplates.ts";
import { networkClient } from "../support/networkClient.ts";

const NSG = besideNetwork("networkSecurityGroups", "nsg-builds");

/** The n-th /24 of 10.0.0.0/8. */
const subnet = (n: number) => ({ name: `s${n}`, properties: { addressPrefix: `10.${n >> 8}.${n & 255}.0/24` } });

describe("Microsoft.Network", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const { get, put, putSubnet, settle } = networkRequests(() => cloud);
  const created = async (id: string, properties: object, more?: object) => {
    expect((await put(id, properties, more)).status).toBe(201);
    await settle();
  };

  it("keeps, shows and changes a network of 3,000 subnets", async () => {
    const id = besideNetwork("virtualNetworks", "large");
    const addressSpace = { addressPrefixes: ["10.0.0.0/8"] };
    const all = Array.from({ length: 3000 }, (_, n) => subnet(n));
    await created(id, { addressSpace, subnets: all });
    expect((await get(id)).properties.subnets).toHaveLength(3000);
    expect((await get(`${id}/usages`)).value).toHaveLength(1000);
    const twice = { ...subnet(7), name: "twice" };
    expect(await put(id, { addressSpace, subnets: [...all, twice] })).toMatchObject({
      status: 400,
      body: { error: { code: "NetcfgSubnetRangesOverlap", message: expect.stringContaining("'twice'") as string } },
    });
    expect((await put(id, { addressSpace, subnets: all.slice(1000) })).status).toBe(200);
    await settle();
    expect((await get(id)).properties.subnets).toHaveLength(2000);
  });

  describe("writes", () => {
    it("of a PUT answer 201, then 200, with an operation that tells its status alone", async () => {
      const id = besideNetwork("routeTables", "rt");
      for (const status of [201, 200]) {
        const answer = await put(id, { routes: [] });
        expect(answer).toMatchObject({ status, body: { properties: { provisioningState: "Updating" } } });
        expect(answer.headers.get("azure-asyncnotification")).toBe("Enabled");
        expect(answer.headers.has("location")).toBe(false);
        const operation = answer.headers.get("azure-asyncoperation") ?? "";
        expect(operation).toContain("/providers/Microsoft.Network/locations/westeurope/operations/");
        expect((await cloud.send("GET", operation)).body).toEqual({ status: "InProgress" });
        await settle();
        expect((await cloud.send("GET", operation)).body).toEqual({ status: "Succeeded" });
        expect(await get(id)).toMatchObject({ properties: { provisioningState: "Succeeded" } });
      }
    });

    it("of a DELETE answer 202 with both URLs, and 204 for what is not there", async () => {
      const id = besideNetwork("routeTables", "rt");
      await created(id, {});
      const answer = await cloud.send("DELETE", id + NETWORK_VERSION);
      expect(answer).toMatchObject({ status: 202, text: "" });
      const results = answer.headers.get("location") ?? "";
      expect(results).toContain("/operationResults/");
      expect((await cloud.send("GET", results)).status).toBe(202);
      expect(await get(id)).toMatchObject({ properties: { provisioningState: "Deleting" } });
      expect(await put(id, {})).toMatchObject({ status: 409, body: { error: { code: "AnotherOperationInProgress" } } });
      await settle();
      expect((await cloud.send("GET", results)).status).toBe(204);
      expect((await cloud.send("DELETE", id + NETWORK_VERSION)).status).toBe(204);
    });

    it("of tags are done at once", async () => {
      const answer = await cloud.send("PATCH", ids.network + NETWORK_VERSION, { body: { tags: { cost: "1" } } });
      expect(answer).toMatchObject({ status: 200, body: { tags: { cost: "1" } } });
      expect(answer.body.properties.subnets[0]).toMatchObject({ id: ids.subnet });
    });

    it("change the etag of a network and its subnets alike, and are refused where If-Match tells of another", async () => {
      const before = await get(ids.network);
      expect(before.etag).toMatch(/^W\/"[\da-f-]{36}"$/);
      expect(before.properties.subnets[0].etag).toBe(before.etag);
      await putSubnet("second", { addressPrefix: "10.40.1.0/24" });
      await settle();
      const after = await get(ids.network);
      expect(after.etag).not.toBe(before.etag);
      expect((await get(ids.subnet)).etag).toBe(after.etag);
      const send = (etag: string) =>
        cloud.send("PUT", ids.network + NETWORK_VERSION, { body: after, headers: { "if-match": etag } });
      expect(await send(before.etag)).toMatchObject({ status: 412, body: { error: { code: "PreconditionFailed" } } });
      expect(await send(after.etag)).toMatchObject({ status: 200 });
    });

    it("keep a resource's GUID for life", async () => {
      const guid = (await get(NSG)).properties.resourceGuid;
      expect(guid).toMatch(/^[\da-f-]{36}$/);
      await put(NSG, { securityRules: [], resourceGuid: "mine" });
      expect((await get(NSG)).properties.resourceGuid).toBe(guid);
    });
  });

  it.each<[string, string, string, (id: string) => object]>([
    [
      "a security group",
      "networkSecurityGroups",
      "InUseNetworkSecurityGroupCannotBeDeleted",
      (id) => ({ networkSecurityGroup: { id } }),
    ],
    ["a route table", "routeTables", "InUseRouteTableCannotBeDeleted", (id) => ({ routeTable: { id } })],
    ["a NAT gateway", "natGateways", "CannotDeleteNatGatewayAssociatedToSubnet", (id) => ({ natGateway: { id } })],
  ])("%s shows its subnets, and stays as long as it has any", async (_, type, code, used) => {
    const id = besideNetwork(type, "shared");
    await created(id, {});
    const addressPrefix = "10.40.1.0/24";
    await putSubnet("second", { addressPrefix, ...used(id) });
    expect((await get(id)).properties.subnets).toEqual([{ id: `${ids.network}/subnets/second` }]);
    expect(await cloud.send("DELETE", id + NETWORK_VERSION)).toMatchObject({ status: 400, body: { error: { code } } });
    await putSubnet("second", { addressPrefix });
    expect((await get(id)).properties).not.toHaveProperty("subnets");
    expect((await cloud.send("DELETE", id + NETWORK_VERSION)).status).toBe(202);
  });

  it("a public address stays as long as a NAT gateway has it", async () => {
    const address = besideNetwork("publicIPAddresses", "ip");
    await put(address, { publicIPAllocationMethod: "Static" }, { location: "westeurope", sku: { name: "Standard" } });
    const publicIpAddresses = [{ id: address }];
    expect((await put(besideNetwork("natGateways", "nat"), { publicIpAddresses })).status).toBe(201);
    expect((await cloud.send("DELETE", address + NETWORK_VERSION)).body.error.code).toBe(
      "PublicIPAddressCannotBeDeleted",
    );
  });

  it("a firewall policy shows its groups of rules, and the policies that build on it", async () => {
    const [parent, heir] = [besideNetwork("firewallPolicies", "parent"), besideNetwork("firewallPolicies", "heir")];
    await created(parent, { sku: { tier: "Premium" } });
    await created(heir, { basePolicy: { id: parent } });
    const ruleCollections = [
      {
        ruleCollectionType: "FirewallPolicyFilterRuleCollection",
        name: "names",
        priority: 100,
        action: { type: "Allow" },
        rules: [
          {
            ruleType: "ApplicationRule",
            name: "apt",
            protocols: [{ protocolType: "Http", port: 80 }],
            targetFqdns: ["*.ubuntu.com"],
            sourceAddresses: ["10.40.0.0/22"],
          },
        ],
      },
    ];
    await created(`${parent}/ruleCollectionGroups/apps`, { priority: 200, ruleCollections }, {});
    expect(await get(parent)).toMatchObject({
      type: "Microsoft.Network/FirewallPolicies",
      properties: {
        sku: { tier: "Premium" },
        threatIntelMode: "Alert",
        ruleCollectionGroups: [{ id: `${parent}/ruleCollectionGroups/apps` }],
        childPolicies: [{ id: heir }],
      },
    });
    const group = await networkClient(cloud, cloud.operator).firewallPolicyRuleCollectionGroups.get(
      NETWORK_GROUP,
      "parent",
      "apps",
    );
    expect(group.ruleCollections).toMatchObject([{ name: "names", rules: [{ targetFqdns: ["*.ubuntu.com"] }] }]);
  });

  it("networks are peered once each names the other, and cut off when the other goes", async () => {
    const other = besideNetwork("virtualNetworks", "hub");
    await created(other, { addressSpace: { addressPrefixes: ["10.50.0.0/16"] } });
    const [there, back] = [`${ids.network}/virtualNetworkPeerings/hub`, `${other}/virtualNetworkPeerings/spoke`];
    const state = async () => (await get(there)).properties.peeringState;
    await created(there, { remoteVirtualNetwork: { id: other } }, {});
    expect(await state()).toBe("Initiated");
    await created(back, { remoteVirtualNetwork: { id: ids.network } }, {});
    expect(await state()).toBe("Connected");
    await cloud.send("DELETE", other + NETWORK_VERSION);
    await settle();
    expect(await state()).toBe("Disconnected");
  });
});
