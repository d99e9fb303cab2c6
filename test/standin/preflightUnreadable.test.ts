import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, CONTAINER_DELEGATION, forcedTable } from "../support/cloudGround.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { isolatedLandscapePlan, predict } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { forceToFirewall, put, putBuildSubnet, putContainerSubnet, putPolicy, settle } = cloudGround(() => cloud);

/** Two subnets behind a firewall, with one fault: the build VM's is delegated. */
async function faultyGround(): Promise<void> {
  const base = await putPolicy("base", [application(["*"], "Http", 80)]);
  await forceToFirewall(await putPolicy("policy", [application(["*"])], base));
  const group = besideNetwork("networkSecurityGroups", "nsg-c");
  await put(group, {});
  await settle();
  await putBuildSubnet({ routeTable: forcedTable, ...CONTAINER_DELEGATION });
  await settle();
  await putContainerSubnet({ ...CONTAINER_DELEGATION, networkSecurityGroup: { id: group } });
  await settle();
}
const codes = async () => (await predict(cloud, isolatedLandscapePlan())).map(({ code }) => code);

describe("a read that Azure refuses", () => {
  it.each([
    ["virtualNetworks/[^/]+$", "virtual-network-unreadable"],
    ["virtualNetworks/[^/]+/usages$", "subnet-usages-unreadable"],
    ["networkSecurityGroups(/[^/]+)?$", "security-group-unreadable"],
    // Of a subnet that names both, the one comes with the other where the subnet shows them.
    ["(routeTables|subnets)/[^/]+$", "route-table-unreadable"],
    ["azureFirewalls$", "firewall-unreadable"],
    ["firewallPolicies(/policy)?$", "firewall-policy-unreadable"],
    ["firewallPolicies(/base)?$", "firewall-policy-unreadable"],
    ["policy/ruleCollectionGroups$", "firewall-policy-unreadable"],
    ["base/ruleCollectionGroups$", "firewall-policy-unreadable"],
    ["userAssignedIdentities/[^/]+$", "builder-unreadable"],
    ["federatedIdentityCredentials$", "federated-credentials-unreadable"],
    ["roleAssignments$", "builder-assignments-unreadable"],
    ["roleDefinitions$", "custom-roles-unreadable"],
    ["versions$", "source-unreadable"],
    ["galleries/[^/]+/images/[^/]+$", "definition-unreadable"],
    ["subscriptions/[^/]+/providers$", "providers-unreadable"],
    ["Microsoft.Compute/locations/[^/]+/usages$", "compute-usages-unreadable"],
    ["Microsoft.ContainerInstance/locations/[^/]+/usages$", "container-usages-unreadable"],
    ["policyAssignments$", "policies-unreadable"],
  ])("of %s is told, and the rest is checked", async (path, code) => {
    await faultyGround();
    cloud.addFault({ method: "GET", path, kind: "respond", status: 403, code: "AuthorizationFailed" });
    const found = await codes();
    expect(found).toContain(code);
    // Without the network nothing of its subnets is known.
    if (code !== "virtual-network-unreadable") expect(found).toContain("subnet-delegated");
  });

  it("finds the one fault of that ground where all is shown", async () => {
    await faultyGround();
    expect(await codes()).toEqual(["subnet-delegated"]);
  });
});
