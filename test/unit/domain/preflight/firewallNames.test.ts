import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { firewallNames } from "../../../../src/domain/preflight/firewallNames.ts";
import type { FirewallPolicy, FirewallRule } from "../../../../src/domain/network/firewall.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import {
  absent,
  containerSubnet,
  found,
  ground,
  isolatedPlan,
  networkId,
  planOf,
  refused,
  routeTableId,
  secrets,
  seenFirewall,
  subnet,
  virtualNetwork,
  withRoutes,
} from "../../../support/ground.ts";
import { allowing, application, collection, policyOf } from "../../../support/firewallPolicies.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const plan = planOf({}, { egress: [{ name: "github.com", ports: [443] }] });
const policyId = allowing().id;
const AT = "10.0.0.68";
const seen = (policy: FirewallPolicy, address = AT) => seenFirewall(address, found(policy.id, policy));
const forced = (nextHopType: string, changes: Partial<Ground> = {}): Ground => ({
  ...withRoutes([{ name: "out", addressPrefix: "0.0.0.0/0", nextHopType, nextHopIpAddress: "10.0.0.68" }]),
  plan,
  ...changes,
});
/** The same to a gateway. */
const behindGateway: Ground = forced("VirtualNetworkGateway", {
  virtualNetwork: found(
    networkId,
    virtualNetwork({
      subnets: [subnet({ routeTableId }), subnet({ id: `${networkId}/subnets/GatewaySubnet`, name: "GatewaySubnet" })],
    }),
  ),
});
const behind = (...fqdns: string[]) => forced("VirtualAppliance", { firewalls: [seen(allowing(application(fqdns)))] });
/** The same with service endpoints on the subnet. */
const endpoints = (grounds: Ground, service: string, ...locations: string[]): Ground => ({
  ...grounds,
  virtualNetwork: found(
    networkId,
    virtualNetwork({ subnets: [subnet({ routeTableId, serviceEndpoints: [{ service, locations }] })] }),
  ),
});
const reaching = (name: string): Ground => ({
  ...behind(...OWN),
  plan: planOf({}, { egress: [{ name, ports: [443] }] }),
});
const VAULT = { name: "kv-builds.vault.azure.net", ports: [443] };
const keeping = (fqdns: string[], changes: Parameters<typeof planOf>[1] = {}): Ground => ({
  ...behind(...OWN, ...fqdns),
  plan: planOf({}, { secrets, ...changes }),
});
const OWN = ["*.blob.core.windows.net", "management.azure.com"];

/** The same with a route more. */
const besides = (grounds: Ground, addressPrefix: string, nextHopType: string): Ground => ({
  ...grounds,
  routeTables: grounds.routeTables.map((table) =>
    table.kind === "found"
      ? found(table.resource, {
          ...table.value,
          routes: [
            ...table.value.routes,
            { name: addressPrefix, addressPrefix, nextHopType, nextHopIpAddress: "10.0.0.68" },
          ],
        })
      : table,
  ),
});
/** Two subnets, of which the container's is forced to the firewall. */
const twoBehind = (...rules: FirewallRule[]): Ground =>
  forced("VirtualAppliance", {
    plan: isolatedPlan(),
    virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet(), containerSubnet({ routeTableId })] })),
    firewalls: [seen(policyOf([collection("Allow", 200, ...rules)]))],
  });
const SHARE: FirewallRule = {
  kind: "network",
  name: "share",
  sources: ["*"],
  sourceGroups: [],
  protocols: ["TCP"],
  ports: ["445"],
  destinations: ["Storage"],
  destinationGroups: [],
  fqdns: [],
};

/** A firewall whose first rule denies some addresses at HTTPS: none can come before it. */
const denying = (changes: object): Ground => {
  const first: FirewallRule = { ...SHARE, ports: ["443"], destinations: [], ...changes };
  const rules = policyOf([collection("Deny", 100, first), collection("Allow", 200, application(["*"]))]);
  return forced("VirtualAppliance", { firewalls: [seen(rules)] });
};
/** Storage let out by a service tag. */
const withOwn = (tag: string): Ground =>
  forced("VirtualAppliance", {
    firewalls: [
      seen(allowing({ ...SHARE, ports: ["443"], destinations: [tag] }, application(["management.azure.com"]))),
    ],
  });
const each = (code: string) => plan.egress.map(() => code).concat(OWN.map(() => code));
/** Two subnets, each forced to a firewall of its own. */
const twoApart = (ofBuild: FirewallPolicy, ofContainers: FirewallPolicy): Ground => {
  const tables = [AT, "10.0.0.69"].map((nextHopIpAddress, index) => {
    const route = { name: "out", addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress };
    return found(`${routeTableId}-${index}`, { routes: [route], disableBgpRoutePropagation: false });
  });
  const [build, containers] = tables.map(({ resource }) => resource);
  return ground({
    plan: isolatedPlan(),
    virtualNetwork: found(
      networkId,
      virtualNetwork({ subnets: [subnet({ routeTableId: build }), containerSubnet({ routeTableId: containers })] }),
    ),
    routeTables: tables,
    firewalls: [seen(ofBuild), seen({ ...ofContainers, id: `${policyId}-c` }, "10.0.0.69")],
  });
};

describe("the names that a firewall lets out", () =>
  ruleCases(firewallNames, [
    ["do not matter without one", ground({ plan })],
    ["are enough where it lets out all that the build reaches", behind(...OWN, "github.com")],
    ["are enough by a wildcard", behind("*")],
    ["lack one of the recipe's", behind(...OWN), "egress-denied"],
    ["are enough where it lets out the vault of the recipe's secrets", keeping(["*.vault.azure.net"])],
    ["may lack that vault, unless it has a private endpoint", keeping([]), "egress-undecided"],
    ["lack it where the recipe lists it as well", keeping([], { egress: [VAULT] }), "egress-denied"],
    [
      "may have image builder's storage by the firewall's built-in ones, but not the management API",
      behind("github.com"),
      "egress-undecided",
      "egress-denied",
    ],
    [
      "are not certain by one name of a wildcard",
      behind("a.blob.core.windows.net", "management.azure.com", "github.com"),
      "egress-undecided",
    ],
    ["lack all where the first rule denies them", denying({ destinations: ["*"] }), ...each("egress-denied")],
    [
      "may lack all where the first rule denies addresses that are not read",
      denying({ destinationGroups: ["/ipGroups/some"] }),
      ...each("egress-undecided"),
    ],
    [
      "cannot be told of an appliance that is no Azure Firewall",
      forced("VirtualAppliance", { firewalls: [seenFirewall(AT, undefined, absent("/fws"))] }),
      "egress-appliance-unknown",
    ],
    [
      "cannot be told where firewalls are not shown",
      forced("VirtualAppliance", { firewalls: [seenFirewall(AT, undefined, refused("/fws"))] }),
      "egress-appliance-unknown",
    ],
    [
      "cannot be told where its policy is not shown",
      forced("VirtualAppliance", { firewalls: [seenFirewall(AT, refused(policyId))] }),
      "egress-appliance-unknown",
    ],
    [
      "need not have image builder's storage where a service endpoint leads to it",
      endpoints(behind("management.azure.com", "github.com"), "Microsoft.Storage", "westeurope", "northeurope"),
    ],
    [
      "need it where the endpoint leads to another region",
      endpoints(behind("management.azure.com", "github.com"), "Microsoft.Storage", "eastus"),
      "egress-undecided",
    ],
    ["lack the recipe's vault", reaching("own.vault.azure.net"), "egress-denied"],
    [
      "may lack the recipe's vault where an endpoint leads to those of some regions",
      endpoints(reaching("own.vault.azure.net"), "Microsoft.KeyVault", "westeurope"),
      "egress-undecided",
    ],
    [
      "need not have it where an endpoint leads to all",
      endpoints(reaching("own.vault.azure.net"), "Microsoft.KeyVault", "*"),
    ],
    [
      "may lack the recipe's where a route for a service tag may be for it",
      besides(behind(...OWN), "AzureMonitor", "Internet"),
      "egress-undecided",
    ],
    [
      "may lack the recipe's where a route for public addresses may be for it",
      besides(behind(...OWN), "20.0.0.0/8", "Internet"),
      "egress-undecided",
    ],
    [
      "lack it whatever a private route is for, and routes that lead to the firewall as well",
      besides(besides(behind(...OWN), "10.8.0.0/16", "None"), "20.0.0.0/8", "VirtualAppliance"),
      "egress-denied",
    ],
    ["are enough where they are all that is reached from two subnets", twoBehind(application(["*"]), SHARE)],
    [
      "lack those of packer's container, whose subnet alone is forced there",
      twoBehind(application(["*"], { sources: ["10.0.0.0/28"] })),
      "egress-undecided",
      "egress-denied",
      "egress-denied",
    ],
    [
      "cannot be told of another appliance that the container's subnet is forced to",
      { ...twoBehind(application(["*"])), firewalls: [seen(allowing(application(["*"])), "10.0.0.69")] },
      "egress-appliance-unknown",
    ],
    [
      "are judged by the firewall of each subnet, where these are two",
      twoApart(allowing(application(["*"])), policyOf([collection("Allow", 200, application(["*"]), SHARE)])),
    ],
    [
      "lack those of packer's container by its own firewall, whatever the build VM's lets out",
      twoApart(allowing(application(["*"]), SHARE), allowing(application(["*"]))),
      "egress-denied",
    ],
    [
      "are enough by network rules for image builder's storage in its region",
      { ...withOwn("Storage.WestEurope"), plan: planOf() },
    ],
    [
      "may lack image builder's storage by network rules for another region",
      { ...withOwn("Storage.EastUS"), plan: planOf() },
      "egress-undecided",
    ],
    ["cannot be told of a gateway", behindGateway, "egress-appliance-unknown"],
  ]));

describe("a name that is missing", () => {
  it("is told with the rule to add", () => {
    const [finding] = checkGround(behind(...OWN));
    expect(finding?.seen).toContain(
      "does not let out github.com at TCP 443, which the recipe reaches: no rule is about it",
    );
    expect(finding?.command).toContain("--protocols Https=443 --target-fqdns github.com");
    expect(finding?.bicep).toContain("targetFqdns: [\n    'github.com'\n  ]");
  });

  it("is let out by a collection that what is told before it makes, as what blocks is", () => {
    const lettingOut: FirewallRule = { ...SHARE, ports: ["22"] };
    const commands = checkGround(
      forced("VirtualAppliance", { firewalls: [seen(policyOf([collection("Allow", 200, lettingOut)]))] }),
    ).map(({ code, command }) => [code, command?.includes("add-filter-collection")]);
    expect(commands).toEqual([
      ["egress-denied", true],
      ["egress-denied", false],
      ["egress-undecided", false],
    ]);
  });

  it("is let out before all that denies it to one of the subnet's prefixes", () => {
    const all: FirewallRule = { ...SHARE, ports: ["443"], destinations: ["*"] };
    const policy = policyOf([
      collection("Deny", 150, { ...all, sources: ["10.0.1.0/28"] }),
      collection("Deny", 200, { ...all, sources: ["10.0.0.0/28"] }),
    ]);
    const addressPrefixes = ["10.0.0.0/28", "10.0.1.0/28"];
    const [finding] = checkGround({
      ...forced("VirtualAppliance", { firewalls: [seen(policy)] }),
      virtualNetwork: found(networkId, virtualNetwork({ subnets: [subnet({ routeTableId, addressPrefixes })] })),
    });
    expect(finding?.command).toContain("--collection-priority 149 ");
  });

  it("is not known where reads were used up, and that is said", () => {
    const message = "/policy was not read: there were too many.";
    const policy = { resource: policyId, kind: "unreadable", code: "too-many-reads", message, isOurs: true } as const;
    const [finding] = checkGround(forced("VirtualAppliance", { firewalls: [seenFirewall(AT, policy)] }));
    expect(finding).toMatchObject({
      code: "egress-appliance-unknown",
      seen: expect.stringContaining("/policy was not read: there were too many"),
    });
  });

  it("is listed for whoever runs an appliance that cannot be read", () => {
    const [finding] = checkGround(behindGateway);
    expect(finding?.mend).toContain("*.blob.core.windows.net:443, management.azure.com:443, github.com:443");
  });
});
