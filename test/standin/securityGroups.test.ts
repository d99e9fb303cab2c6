import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork, NETWORK_GROUP, NETWORK_VERSION, networkRequests } from "../support/cloudNetwork.ts";
import { finish, ids } from "../support/cloudTemplates.ts";
import { networkClient } from "../support/networkClient.ts";

const NSG = besideNetwork("networkSecurityGroups", "nsg-builds");
const rule = (changes: object = {}) => ({
  protocol: "Tcp",
  access: "Allow",
  direction: "Inbound",
  priority: 500,
  sourcePortRange: "*",
  sourceAddressPrefix: "*",
  destinationPortRange: "443",
  destinationAddressPrefix: "VirtualNetwork",
  ...changes,
});

describe("security groups", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const { get, put } = networkRequests(() => cloud);

  it("have rules that are resources of their own, and those that every group has", async () => {
    const { networkSecurityGroups, securityRules } = networkClient(cloud, cloud.operator);
    const group = await networkSecurityGroups.get(NETWORK_GROUP, "nsg-builds");
    expect(
      group.defaultSecurityRules?.map(({ name, direction, priority, access }) => [name, direction, priority, access]),
    ).toEqual([
      ["AllowVnetInBound", "Inbound", 65000, "Allow"],
      ["AllowAzureLoadBalancerInBound", "Inbound", 65001, "Allow"],
      ["DenyAllInBound", "Inbound", 65500, "Deny"],
      ["AllowVnetOutBound", "Outbound", 65000, "Allow"],
      ["AllowInternetOutBound", "Outbound", 65001, "Allow"],
      ["DenyAllOutBound", "Outbound", 65500, "Deny"],
    ]);
    expect(group.subnets?.map(({ id }) => id)).toEqual([ids.subnet]);
    await finish(
      cloud,
      securityRules.createOrUpdate(NETWORK_GROUP, "nsg-builds", "more", {
        protocol: "Udp",
        access: "Deny",
        direction: "Outbound",
        priority: 4000,
        sourceAddressPrefixes: ["10.0.0.0/8", "192.168.0.0/16"],
        sourcePortRange: "*",
        destinationAddressPrefix: "Storage.WestEurope",
        destinationPortRange: "123",
      }),
    );
    const made = await securityRules.get(NETWORK_GROUP, "nsg-builds", "more");
    expect(made).toMatchObject({ sourceAddressPrefixes: ["10.0.0.0/8", "192.168.0.0/16"], destinationPortRanges: [] });
    expect((await networkSecurityGroups.get(NETWORK_GROUP, "nsg-builds")).securityRules).toHaveLength(9);
  });

  it("show each of those that every group has under its id, to be read alone", async () => {
    const { defaultSecurityRules } = networkClient(cloud, cloud.operator);
    const inGroup = (await get(NSG)).properties.defaultSecurityRules;
    expect((await get(`${NSG}/defaultSecurityRules`)).value).toEqual(inGroup);
    for (const one of inGroup) expect(await get(one.id)).toEqual(one);
    expect(await defaultSecurityRules.get(NETWORK_GROUP, "nsg-builds", "denyallinbound")).toMatchObject({
      name: "DenyAllInBound",
      priority: 65500,
    });
    expect((await get(`${NSG}/defaultSecurityRules/none`)).error.code).toBe("ResourceNotFound");
    expect((await get(`${NSG}-none/defaultSecurityRules/DenyAllInBound`)).error.code).toBe("ParentResourceNotFound");
    expect((await put(`${NSG}/defaultSecurityRules/DenyAllInBound`, rule(), {})).status).toBe(405);
    expect((await cloud.send("DELETE", `${NSG}/defaultSecurityRules/DenyAllInBound${NETWORK_VERSION}`)).status).toBe(
      405,
    );
  });

  const PORT = "SecurityRuleInvalidPortRange";
  const ADDRESS = "SecurityRuleInvalidAddressPrefix";
  it.each<[string, object, string]>([
    ["the priority of another in its direction", { priority: 400 }, "SecurityRuleConflict"],
    ["too low a priority", { priority: 99 }, "SecurityRuleInvalidPriority"],
    ["too high a priority", { priority: 4097 }, "SecurityRuleInvalidPriority"],
    ["no priority", { priority: undefined }, "SecurityRuleInvalidPriority"],
    ["a direction that is none", { direction: "Up" }, "InvalidRequestFormat"],
    ["a protocol that is none", { protocol: "Http" }, "InvalidRequestFormat"],
    ["an access that is none", { access: "Maybe" }, "InvalidRequestFormat"],
    ["a port above 65535", { destinationPortRange: "65536" }, PORT],
    ["a range of ports that ends before it begins", { destinationPortRange: "443-80" }, PORT],
    ["a list of ports in one text", { destinationPortRange: "80,443" }, PORT],
    ["a word for ports", { sourcePortRange: "any" }, PORT],
    ["no ports", { sourcePortRange: undefined }, PORT],
    ["a bad one among several ports", { destinationPortRange: undefined, destinationPortRanges: ["80", "x"] }, PORT],
    [
      "all ports among several",
      { destinationPortRange: undefined, destinationPortRanges: ["*"] },
      "SecurityRuleParameterContainsInvalidPortRanges",
    ],
    ["one port and several", { destinationPortRanges: ["80"] }, "SecurityRuleInvalidParameters"],
    ["one source and several", { sourceAddressPrefixes: ["10.0.0.0/8"] }, "SecurityRuleInvalidParameters"],
    ["an address that is none", { sourceAddressPrefix: "10.0.0.256" }, ADDRESS],
    ["a prefix with host bits", { sourceAddressPrefix: "20.20.20.20/16" }, ADDRESS],
    ["a prefix of IPv6 with host bits", { sourceAddressPrefix: "fd00:db8::1/64" }, ADDRESS],
    ["a prefix that is too long", { sourceAddressPrefix: "10.0.0.0/33" }, ADDRESS],
    ["the name of a subnet for a service tag", { sourceAddressPrefix: "AzureBastionSubnet" }, ADDRESS],
    ["a service tag in no region of Azure's", { destinationAddressPrefix: "Storage.Atlantis" }, ADDRESS],
    ["no destination", { destinationAddressPrefix: undefined }, ADDRESS],
    [
      "a service tag among several sources",
      { sourceAddressPrefix: undefined, sourceAddressPrefixes: ["10.0.0.0/8", "Internet"] },
      "SecurityRuleParameterContainsUnsupportedValue",
    ],
  ])("refuse a rule with %s, alone and in its group", async (_, changes, code) => {
    const before = await get(NSG);
    const answer = await put(`${NSG}/securityRules/more`, rule(changes), {});
    expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
    const securityRules = [...before.properties.securityRules, { name: "more", properties: rule(changes) }];
    expect((await put(NSG, { securityRules })).body.error.code).toBe(code);
    expect(await get(NSG)).toEqual(before);
  });

  it.each<[string, object]>([
    ["several ports and ranges", { destinationPortRange: undefined, destinationPortRanges: ["0", "80-443", "65535"] }],
    ["an address alone", { sourceAddressPrefix: "10.0.0.1" }],
    ["a service tag in a region, in any case", { destinationAddressPrefix: "storage.WESTEUROPE" }],
    ["a service tag with a dot", { sourceAddressPrefix: "AzureFrontDoor.Backend" }],
    ["a prefix of IPv6", { sourceAddressPrefix: "FD00:0DB8:0::/48", destinationAddressPrefix: "*" }],
    [
      "an application security group",
      { sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: NSG }] },
    ],
  ])("take a rule with %s", async (_, changes) => {
    expect((await put(`${NSG}/securityRules/more`, rule(changes), {})).status).toBe(201);
  });

  it("refuse two rules of one name", async () => {
    const securityRules = [500, 501].map((priority) => ({ name: "twin", properties: rule({ priority }) }));
    const { status, body } = await put(NSG, { securityRules });
    expect({ status, details: body.error.details[0].code }).toEqual({ status: 400, details: "DuplicateResourceName" });
  });
});
