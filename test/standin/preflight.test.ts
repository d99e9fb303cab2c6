import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recollection } from "../../src/azure/recollection.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, CONTAINER_DELEGATION, forcedTable } from "../support/cloudGround.ts";
import { NETWORK_GROUP, NETWORK_VERSION, besideNetwork } from "../support/cloudNetwork.ts";
import { ids, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { isolatedLandscapePlan, landscapePlan, predict, readerOf } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const {
  forceToFirewall,
  letReadFirewalls,
  put,
  putBuildSubnet,
  putContainerSubnet,
  putFirewall,
  putPolicy,
  putPublicAddress,
  putSubnet,
  settle,
} = cloudGround(() => cloud);
const codes = async (plan = landscapePlan()) => {
  const findings = await predict(cloud, plan);
  return findings.map(({ code }) => code);
};
describe("the preflight of a build", () => {
  it("finds nothing in the landscape, whose security group has the least rules of the documents", async () => {
    expect(await codes()).toEqual([]);
  });

  it("never remembers what is of access", async () => {
    const memory = recollection(readerOf(cloud));
    const path = `${ids.subscription}/providers/Microsoft.Authorization/roleAssignments`;
    const reader = memory.reader();
    await reader.list(path, "2022-04-01");
    await reader.list(path, "2022-04-01");
    expect(reader.hasRecalled).toBe(false);
  });

  it("tells what it may not read, and checks the rest", async () => {
    const fault = { method: "GET", path: "/(usages|networkSecurityGroups/[^/]+)$", kind: "respond" };
    cloud.addFault({ ...fault, status: 403, code: "AuthorizationFailed" } as Parameters<typeof cloud.addFault>[0]);
    await putBuildSubnet({ privateLinkServiceNetworkPolicies: "Enabled" });
    await settle();
    expect(new Set(await codes())).toEqual(
      new Set([
        "private-link-service-policies-enabled",
        "security-group-unreadable",
        "subnet-usages-unreadable",
        "compute-usages-unreadable",
        "container-usages-unreadable",
      ]),
    );
  });

  it("reads one by one what a subnet names and does not show", async () => {
    const [group, table] = [besideNetwork("networkSecurityGroups", "nsg-c"), besideNetwork("routeTables", "rt-c")];
    await put(group, {});
    await put(table, { routes: [{ name: "drop", properties: { addressPrefix: "0.0.0.0/0", nextHopType: "None" } }] });
    await settle();
    await putContainerSubnet({
      ...CONTAINER_DELEGATION,
      networkSecurityGroup: { id: group },
      routeTable: { id: table },
    });
    await settle();
    expect(await codes(isolatedLandscapePlan())).toEqual(["route-dead-end"]);
    const path = "subnets/[^/]+$";
    cloud.addFault({ method: "GET", path, kind: "respond", status: 403, code: "AuthorizationFailed" });
    expect(await codes(isolatedLandscapePlan())).toEqual(["route-dead-end"]);
  });

  it("lets a private subnet out by a NAT gateway that it sees there", async () => {
    const gateway = besideNetwork("natGateways", "nat");
    await put(gateway, {}, { location: "westeurope", sku: { name: "Standard" } });
    await settle();
    await putBuildSubnet({ defaultOutboundAccess: false });
    await settle();
    expect(await codes()).toEqual(["no-way-out"]);
    await putBuildSubnet({ defaultOutboundAccess: false, natGateway: { id: gateway } });
    await settle();
    // It has no address to leave by.
    expect(await codes()).toEqual(["no-way-out"]);
    const publicIpAddresses = [{ id: await putPublicAddress() }];
    await put(gateway, { publicIpAddresses }, { location: "westeurope", sku: { name: "Standard" } });
    await settle();
    expect(await codes()).toEqual([]);
    const path = "(subnets|natGateways)/[^/]+$";
    cloud.addFault({ method: "GET", path, kind: "respond", status: 403, code: "AuthorizationFailed" });
    expect(await codes()).toEqual(["nat-gateway-unreadable", "way-out-undecided"]);
  });

  it("takes several prefixes, a subnet without a group and ids in capitals as they come", async () => {
    await putSubnet("snet-builds", {
      addressPrefixes: ["10.40.0.0/27", "10.40.1.0/28"],
      privateLinkServiceNetworkPolicies: "Disabled",
    });
    await settle();
    const vnetConfig = { subnetId: ids.subnet.toUpperCase() };
    const vmProfile = { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0, vnetConfig };
    expect(await codes(landscapePlan({ vmProfile }))).toEqual([]);
  });
});

/** Forces the build VM's subnet to a firewall that lets out some names itself, and others by its base policy. */
async function force(rules: object[], base: string[], changes: object = {}) {
  await forceToFirewall(await putPolicy("policy", rules, await putPolicy("base", [application(base)])));
  await putBuildSubnet({ routeTable: forcedTable, defaultOutboundAccess: false, ...changes });
  await settle();
}

describe("a subnet whose traffic is forced to a firewall", () => {
  const egress = [
    { name: "github.com", ports: [443] },
    { name: "archive.ubuntu.com", ports: [80] },
  ];
  const ubuntu = application(["*.ubuntu.com"], "Http", 80);
  const OWN = ["*.blob.core.windows.net", "management.azure.com"];

  it("is no fault where its policy lets out what the recipe reaches, itself or by its base", async () => {
    await force([application(["github.com"]), ubuntu], OWN);
    expect(await codes(landscapePlan({ egress }))).toEqual([]);
  });

  it("is no fault where a service endpoint leads to image builder's storage past it", async () => {
    const serviceEndpoints = [{ service: "Microsoft.Storage", locations: ["westeurope", "northeurope"] }];
    await force([application(["github.com"]), ubuntu], ["management.azure.com"], { serviceEndpoints });
    expect(await codes(landscapePlan({ egress }))).toEqual([]);
  });

  it("is found in another group of the subscription where the service may list it there", async () => {
    const firewallId = besideNetwork("azureFirewalls", "fw").replace(NETWORK_GROUP, TEMPLATE_GROUP);
    await forceToFirewall(await putPolicy("policy", [ubuntu, application(OWN)]), { firewallId });
    await putBuildSubnet({ routeTable: forcedTable });
    await settle();
    expect(await codes(landscapePlan({ egress }))).toEqual(["firewall-unreadable", "egress-appliance-unknown"]);
    await letReadFirewalls();
    expect(await codes(landscapePlan({ egress }))).toEqual(["egress-denied"]);
  });

  it("is judged by the firewall of its own network, whatever others have the same address", async () => {
    await letReadFirewalls();
    const other = besideNetwork("virtualNetworks", "vnet-other");
    await putFirewall(
      besideNetwork("azureFirewalls", "another"),
      await putPolicy("lax", [application(["*"])]),
      undefined,
      other,
    );
    await force([ubuntu], OWN);
    const [finding] = await predict(cloud, landscapePlan({ egress }));
    expect(finding).toMatchObject({ code: "egress-denied", seen: expect.stringContaining("github.com") });
    await cloud.send("DELETE", besideNetwork("azureFirewalls", "fw") + NETWORK_VERSION);
    await settle();
    expect(await codes(landscapePlan({ egress }))).toEqual(["egress-appliance-unknown"]);
  });

  it("lacks what packer's container reaches where that one's subnet alone is forced there", async () => {
    await forceToFirewall(await putPolicy("policy", [application(OWN)]));
    await putContainerSubnet({ ...CONTAINER_DELEGATION, addressPrefix: "10.40.1.0/28", routeTable: forcedTable });
    await settle();
    const findings = await predict(cloud, isolatedLandscapePlan());
    expect(findings.filter(({ code }) => code === "egress-denied").map(({ seen }) => seen)).toEqual([
      expect.stringContaining("does not let out *.file.core.windows.net at TCP 445"),
    ]);
  });

  it("lacks the names that it does not let out", async () => {
    await force([ubuntu], OWN);
    const findings = await predict(cloud, landscapePlan({ egress }));
    expect(findings.filter(({ code }) => code === "egress-denied").map(({ seen }) => seen)).toEqual([
      expect.stringContaining("does not let out github.com at TCP 443"),
    ]);
  });

  it("may lack them where the firewall cannot be read", async () => {
    await force([ubuntu], OWN);
    cloud.addFault({
      method: "GET",
      path: "azureFirewalls$",
      kind: "respond",
      status: 403,
      code: "AuthorizationFailed",
    });
    expect(await codes(landscapePlan({ egress }))).toEqual(["firewall-unreadable", "egress-appliance-unknown"]);
  });
});
