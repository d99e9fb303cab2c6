import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeEach(async () => {
  stack = await TestStack.start();
});
afterEach(() => stack.stop());

const network = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-network/providers/Microsoft.Network`;
const group = `${network}/networkSecurityGroups/nsg-builds`;
const subnet = `${network}/virtualNetworks/vnet-builds/subnets/snet-builds`;
const put = (id: string, properties: object) => stack.asOperator("PUT", `${id}?api-version=2025-05-01`, { properties });

/** A build of the sample image, of which nothing may have been made. */
async function refusal() {
  const receipt = await stack.receiptOf(await stack.startBuild());
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  expect(receipt.grants).toEqual([]);
  return receipt.outcome;
}

describe("a build is refused before anything exists", () => {
  it("where a rule keeps the proxy VM from the build VM, and names the rule and what mends it", async () => {
    await put(`${group}/securityRules/no-ssh`, {
      priority: 150,
      direction: "Inbound",
      access: "Deny",
      protocol: "Tcp",
      sourcePortRange: "*",
      sourceAddressPrefix: "*",
      destinationPortRange: "22",
      destinationAddressPrefix: "*",
    });
    expect(await refusal()).toMatchObject({
      kind: "refused",
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: "flow-denied",
          seen: expect.stringContaining("by the rule no-ssh"),
          command: expect.stringContaining("--nsg-name nsg-builds --name allow-proxy-to-build --priority 149"),
        }),
      ]),
    });
  });

  it("where a route drops what goes to the Internet", async () => {
    const table = `${network}/routeTables/rt-builds`;
    await stack.asOperator("PUT", `${table}?api-version=2025-05-01`, {
      location: "westeurope",
      properties: { routes: [{ name: "drop", properties: { addressPrefix: "0.0.0.0/0", nextHopType: "None" } }] },
    });
    await put(subnet, {
      addressPrefix: "10.40.0.0/27",
      networkSecurityGroup: { id: group },
      routeTable: { id: table },
      privateLinkServiceNetworkPolicies: "Disabled",
    });
    expect(await refusal()).toMatchObject({
      kind: "refused",
      findings: expect.arrayContaining([expect.objectContaining({ code: "route-dead-end" })]),
    });
  });
});
