import { describe, expect, it } from "vitest";
import listed from "../../infra/modules/network/egressNames.json" with { type: "json" };
import type { Deployment } from "../support/bicep/deployment.ts";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { closedParameters, fullParameters, leastParameters } from "../support/bicep/parameters.ts";

interface Subnet {
  name: string;
  properties: {
    addressPrefix: string;
    natGateway: { id: string } | null;
    routeTable: { id: string } | null;
    defaultOutboundAccess: boolean;
  };
}

const BUILD_SUBNETS = ["snet-builds", "snet-windows", "snet-isolated", "snet-isolated-containers"];
const policyId = String(fullParameters.firewallPolicyId);
const withEgress = (buildEgress: string, more: Record<string, unknown> = {}) =>
  deployInfra({ ...leastParameters, buildNetwork: "both", buildEgress, ...more });

function subnetsOf(deployed: Deployment): Subnet[] {
  const [network] = ofType(deployed, "Microsoft.Network/virtualNetworks").map(propertiesOf);
  return network?.subnets as Subnet[];
}

/** The address that all traffic is sent to. */
const nextHops = (deployed: Deployment) =>
  ofType(deployed, "Microsoft.Network/routeTables").flatMap((table) =>
    (propertiesOf(table).routes as { properties: object }[]).map((route) => route.properties),
  );

describe("builds go out", () => {
  it.each([
    ["by nothing, with none", "none", {}, undefined],
    ["by the gateway, with natGateway", "natGateway", {}, "natGateways/ng-builds"],
    ["by the firewall's route, with firewall", "firewall", {}, "routeTables/rt-builds"],
    [
      "by the appliance's route, with appliance",
      "appliance",
      { applianceAddress: "10.0.0.4" },
      "routeTables/rt-builds",
    ],
  ])("%s, from every subnet, and from none by Azure's default", (_, egress, more, way) => {
    const deployed = withEgress(egress, more);
    const made = deployed.resources.map(({ id }) => id);
    const all = subnetsOf(deployed);
    const ways = all.map(({ name, properties: { natGateway, routeTable } }) => [
      name,
      ...[natGateway, routeTable].flatMap((one) =>
        one && made.includes(one.id) ? one.id.split("/").slice(-2).join("/") : [],
      ),
    ]);
    const others = egress === "firewall" ? [["AzureFirewallSubnet"]] : [];
    expect(ways).toEqual([...BUILD_SUBNETS.map((name) => (way ? [name, way] : [name])), ...others]);
    expect(all.filter(({ properties }) => properties.defaultOutboundAccess)).toEqual([]);
  });

  it("by the firewall at its address, the fourth of its subnet", () => {
    const deployed = withEgress("firewall");
    const subnet = subnetsOf(deployed).find(({ name }) => name === "AzureFirewallSubnet");
    const [first = "", last = ""] = /^(.*\.)(\d+)\//.exec(subnet?.properties.addressPrefix ?? "")?.slice(1) ?? [];
    expect(nextHops(deployed)).toEqual([
      { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: `${first}${Number(last) + 4}` },
    ]);
    const [firewall] = ofType(deployed, "Microsoft.Network/azureFirewalls").map(propertiesOf);
    expect(firewall?.ipConfigurations).toMatchObject([
      { properties: { subnet: { id: expect.stringMatching(/\/vnet-builds\/subnets\/AzureFirewallSubnet$/) } } },
    ]);
  });

  it("by the company's appliance at its own", () => {
    expect(nextHops(deployInfra(closedParameters))).toEqual([
      { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.0.4" },
    ]);
  });
});

interface Collection {
  action: { type: string };
  rules: {
    ruleType: string;
    sourceAddresses: string[];
    targetFqdns?: string[];
    protocols?: { protocolType: string; port: number }[];
    ipProtocols?: string[];
    destinationAddresses?: string[];
    destinationPorts?: string[];
  }[];
}

/** What each group of rules says, a line for each name and port, or tag and port. */
const rulesOf = (deployed: Deployment) =>
  ofType(deployed, "Microsoft.Network/firewallPolicies/ruleCollectionGroups").map((group) => {
    const { ruleCollections, priority } = propertiesOf(group) as { ruleCollections: Collection[]; priority: number };
    const rules = ruleCollections.flatMap(({ action, rules }) =>
      rules.map((rule) => ({ ...rule, action: action.type })),
    );
    return {
      policy: group.id.split("/ruleCollectionGroups/")[0],
      priority,
      sources: [...new Set(rules.map(({ sourceAddresses }) => sourceAddresses.join()))],
      rules: rules
        .flatMap(({ action, targetFqdns = [], protocols = [], ...net }) => [
          ...targetFqdns.flatMap((name) => protocols.map((one) => `${action} ${name} ${one.protocolType} ${one.port}`)),
          ...(net.destinationAddresses ?? []).map(
            (to) => `${action} ${to} ${net.ipProtocols?.join()} ${net.destinationPorts?.join()}`,
          ),
        ])
        .toSorted(),
    };
  });

const allowed = [
  "Allow *.blob.core.windows.net Https 443",
  "Allow management.azure.com Https 443",
  "Allow Storage TCP 445",
  ...listed.flatMap(({ name, ports }) =>
    ports.map((port) => `Allow ${name} ${port === 443 ? "Https" : "Http"} ${port}`),
  ),
].toSorted();

describe("the names that the shipped recipes reach, and image builder's own,", () => {
  it.each([
    ["one that is made", withEgress("firewall")],
    ["one that is made, by the company's policy", withEgress("firewall", { firewallPolicyId: policyId })],
  ])("are all that builds in a network that is made reach through a firewall, %s", (_, deployed) => {
    const [firewall] = ofType(deployed, "Microsoft.Network/azureFirewalls").map(propertiesOf);
    const [rules, ...others] = rulesOf(deployed);
    expect(others).toEqual([]);
    expect(firewall?.firewallPolicy).toEqual({ id: rules?.policy });
    expect(rules).toMatchObject({
      priority: 1000,
      sources: ["10.40.0.0/27,10.40.0.32/27,10.40.0.64/27,10.40.0.96/28"],
      rules: allowed,
    });
  });

  it.each([
    ["a network that is made", closedParameters, ["10.40.0.64/27,10.40.0.96/28"], 2000],
    ["one that is there already", fullParameters, ["10.9.0.0/24"], 1000],
  ])("are added to the company's own policy for builds in %s", (_, parameters, sources, priority) => {
    expect(rulesOf(deployInfra(parameters))).toEqual([{ policy: policyId, priority, sources, rules: allowed }]);
  });

  it.each(["none", "natGateway", "appliance"])("are in no policy with %s, where none is given", (egress) => {
    expect(rulesOf(withEgress(egress, { applianceAddress: "10.0.0.4" }))).toEqual([]);
  });
});
