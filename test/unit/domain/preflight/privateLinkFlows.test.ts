import { describe, expect, it } from "vitest";
import type { NetworkSecurityGroup, SecurityRule } from "../../../../src/domain/network/observed.ts";
import { checkPrivateLinkFlows } from "../../../../src/domain/preflight/privateLinkFlows.ts";

const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg";

const rule = (
  direction: string,
  priority: number,
  source: string,
  destination: string,
  port: string,
  access = "Allow",
): SecurityRule => ({
  name: `${access}-${direction}-${port}`.toLowerCase(),
  priority,
  direction,
  access,
  protocol: access === "Allow" ? "Tcp" : "*",
  sourcePortRange: "*",
  destinationPortRange: port,
  sourceAddressPrefix: source,
  destinationAddressPrefix: destination,
});

/** The least that the documents of the jump box ask for. */
const LEAST = [
  rule("Inbound", 400, "AzureLoadBalancer", "VirtualNetwork", "60001"),
  rule("Inbound", 410, "VirtualNetwork", "VirtualNetwork", "60001"),
  rule("Inbound", 420, "VirtualNetwork", "VirtualNetwork", "22"),
  rule("Inbound", 4096, "*", "*", "*", "Deny"),
  rule("Outbound", 400, "VirtualNetwork", "Internet", "443"),
  rule("Outbound", 410, "VirtualNetwork", "VirtualNetwork", "22"),
  rule("Outbound", 4096, "*", "*", "*", "Deny"),
];
const without = (port: string, direction: string) =>
  LEAST.filter((one) => one.destinationPortRange !== port || one.direction !== direction);

const check = (securityGroup: NetworkSecurityGroup | "unreadable" | undefined) =>
  checkPrivateLinkFlows({
    subnetId: "/subnet",
    addressPrefixes: ["10.0.0.0/28"],
    space: { prefixes: ["10.0.0.0/24"], isComplete: true },
    securityGroup,
  });
const told = (rules: SecurityRule[]) =>
  check({ id, securityRules: rules }).map(({ severity, seen }) => `${severity}: ${seen}`);

describe("the flows of a build with private link", () => {
  it.each([
    ["without a network security group", undefined],
    ["with the default rules only", { id }],
    ["with the least rules of the documents", { id, securityRules: LEAST }],
  ])("all pass %s", (_, group) => {
    expect(check(group)).toEqual([]);
  });

  it.each<[string, SecurityRule[], string[]]>([
    [
      "the build VM",
      without("22", "Inbound"),
      ["blocks: Inbound TCP 22 from VirtualNetwork to VirtualNetwork is denied, by the rule deny-inbound-*."],
    ],
    [
      "the proxy, for the load balancer and for the link",
      without("60001", "Inbound"),
      [
        "blocks: Inbound TCP 60001 from AzureLoadBalancer to VirtualNetwork is denied, by the rule deny-inbound-*.",
        "blocks: Inbound TCP 60001 from VirtualNetwork to VirtualNetwork is denied, by the rule deny-inbound-*.",
      ],
    ],
    [
      "the Internet",
      without("443", "Outbound"),
      ["blocks: Outbound TCP 443 from VirtualNetwork to Internet is denied, by the rule deny-outbound-*."],
    ],
    [
      "all of the Internet but a service tag",
      [...without("443", "Outbound"), rule("Outbound", 400, "VirtualNetwork", "Storage", "443")],
      [
        "warns: Outbound TCP 443 from VirtualNetwork to Internet is not certain to pass, by the rule allow-outbound-443.",
      ],
    ],
  ])("do not reach %s", (_, rules, expected) => {
    expect(told(rules)).toEqual(expected);
  });

  it("are mended by a rule with a free priority before the one that denies", () => {
    const [finding] = check({
      id,
      securityRules: [...without("22", "Inbound"), rule("Inbound", 4095, "*", "*", "81")],
    });
    expect(finding?.mend).toBe(
      "az network nsg rule create --resource-group rg --nsg-name nsg --name allow-proxy-to-build --priority 4094 " +
        "--direction Inbound --access Allow --protocol Tcp --source-address-prefixes VirtualNetwork " +
        "--destination-address-prefixes VirtualNetwork --destination-port-ranges 22",
    );
  });

  it("need room where no priority is free", () => {
    const [finding] = check({ id, securityRules: [rule("Inbound", 100, "*", "*", "*", "Deny")] });
    expect(finding?.mend).toMatch(/^Make room before the rule deny-inbound-\*/);
  });

  it("are not certain where the group cannot be read", () => {
    expect(check("unreadable").map(({ code, severity }) => `${severity}: ${code}`)).toEqual([
      "warns: security-group-unreadable",
    ]);
  });
});
