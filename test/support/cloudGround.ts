/** The ground of builds in a local Azure: the landscape's subnets changed, and a firewall that their traffic is forced to. */
import { expect } from "vitest";
import type { Route, SecurityRule } from "../../src/domain/network/observed.ts";
import { serviceIdentity } from "../../local/landscape.ts";
import type { TestCloud } from "./cloud.ts";
import { besideNetwork, networkRequests } from "./cloudNetwork.ts";
import { ids } from "./cloudTemplates.ts";

export const CONTAINER_DELEGATION = {
  delegations: [{ name: "aci", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } }],
};
/** The built-in role Reader. */
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const FIREWALL_ADDRESS = "10.40.3.4";
const buildGroup = besideNetwork("networkSecurityGroups", "nsg-builds");
/** The route table that `forceToFirewall` makes. */
export const forcedTable = { id: besideNetwork("routeTables", "rt-forced") };

/** A rule that lets names out. */
export const application = (names: string[], protocolType = "Https", port = 443) => ({
  ruleType: "ApplicationRule",
  name: `names-${port}`,
  sourceAddresses: ["10.40.0.0/22"],
  protocols: [{ protocolType, port }],
  targetFqdns: names,
});

export function cloudGround(cloud: () => TestCloud) {
  const requests = networkRequests(cloud);
  const { put, putSubnet, settle } = requests;

  /** A policy with one collection of rules that allow. @returns its id. */
  async function putPolicy(name: string, rules: object[], base?: string): Promise<string> {
    const id = besideNetwork("firewallPolicies", name);
    await put(id, base ? { basePolicy: { id: base } } : {});
    await settle();
    const collection = {
      ruleCollectionType: "FirewallPolicyFilterRuleCollection",
      name: "names",
      priority: 100,
      action: { type: "Allow" },
      rules,
    };
    await put(`${id}/ruleCollectionGroups/builds`, { priority: 200, ruleCollections: [collection] }, {});
    await settle();
    return id;
  }

  /** @param network whose firewall it is. */
  const putFirewall = (id: string, policyId: string, privateIPAddress = FIREWALL_ADDRESS, network = ids.network) => {
    const properties = { privateIPAddress, subnet: { id: `${network}/subnets/AzureFirewallSubnet` } };
    return put(id, { firewallPolicy: { id: policyId }, ipConfigurations: [{ name: "c", properties }] });
  };

  /** The build VM's subnet as the landscape has it, but for what is changed. */
  const putBuildSubnet = (changes: object = {}) =>
    putSubnet("snet-builds", {
      addressPrefix: "10.40.0.0/27",
      networkSecurityGroup: { id: buildGroup },
      privateLinkServiceNetworkPolicies: "Disabled",
      ...changes,
    });

  return {
    ...requests,
    putPolicy,
    putBuildSubnet,

    /** Gives the group of the build VM's subnet these rules, and none beside. */
    async putRules(...rules: SecurityRule[]): Promise<void> {
      const first = (name?: string) => rules.findIndex((one) => one.name === name);
      const securityRules = rules.map(({ name, ...properties }, at) => ({
        name: first(name) === at ? name : `${name}-${at}`,
        properties,
      }));
      expect((await put(buildGroup, { securityRules })).status).toBeLessThan(300);
      await settle();
    },

    /** Puts a table of these routes on the build VM's subnet. */
    async putRoutes(...routes: Route[]): Promise<void> {
      await put(forcedTable.id, { routes: routes.map((properties, at) => ({ name: `route-${at}`, properties })) });
      await settle();
      await putBuildSubnet({ routeTable: forcedTable });
      await settle();
    },

    /** Lets the service read all of the subscription, its firewalls among it. */
    async letReadFirewalls(): Promise<void> {
      const { roleAssignments } = cloud().operator.authorization;
      await roleAssignments.create(ids.subscription, "9d3f4f0e-5d0b-4d7e-9b0a-00000000000a", {
        roleDefinitionId: ids.role(READER),
        principalId: serviceIdentity.principalId,
        principalType: "ServicePrincipal",
      });
      await cloud().pass(600);
    },

    putContainerSubnet: (changes: object = CONTAINER_DELEGATION) =>
      putSubnet("snet-containers", { addressPrefix: "10.40.1.0/28", ...changes }),

    putFirewall,

    /** A route table that forces everything to a firewall with a policy. */
    async forceToFirewall(
      policyId: string,
      {
        firewallId = besideNetwork("azureFirewalls", "fw"),
        tableId = forcedTable.id,
        address = FIREWALL_ADDRESS,
      }: { firewallId?: string; tableId?: string; address?: string } = {},
    ): Promise<void> {
      await putFirewall(firewallId, policyId, address);
      const properties = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: address };
      await put(tableId, { routes: [{ name: "to-firewall", properties }] });
      await settle();
    },
  };
}
