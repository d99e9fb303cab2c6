import { describe, expect, it } from "vitest";
import type { FirewallPolicy, FirewallRule } from "../../../../src/domain/network/firewall.ts";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { found, planOf, seenFirewall, withRoutes } from "../../../support/ground.ts";
import { application, collection, policyOf } from "../../../support/firewallPolicies.ts";
import { optionsOf } from "../../../support/shellWords.ts";

const network = (ports: string[], changes: Partial<FirewallRule & { kind: "network" }> = {}): FirewallRule => ({
  kind: "network",
  name: "n",
  sources: ["*"],
  sourceGroups: [],
  protocols: ["TCP"],
  ports,
  destinations: ["*"],
  destinationGroups: [],
  fqdns: [],
  ...changes,
});
const OWN = collection("Allow", 200, application(["*.blob.core.windows.net", "management.azure.com"]));

/** What is told of names that a policy denies, in their order. */
function denied(policy: FirewallPolicy, ...names: [name: string, port: number][]) {
  const appliance = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.0.68" };
  const findings = checkGround({
    ...withRoutes([{ name: "out", addressPrefix: "0.0.0.0/0", ...appliance }]),
    plan: planOf({}, { egress: names.map(([name, port]) => ({ name, ports: [port] })) }),
    firewalls: [seenFirewall("10.0.0.68", found(policy.id, policy))],
  }).filter(({ code }) => code === "egress-denied");
  const of = names.flatMap(([name]) => findings.filter(({ seen }) => seen.includes(` ${name} `)));
  return of.map((finding) => ({ ...finding, options: optionsOf(finding.command ?? "") }));
}

describe("a name that a firewall denies", () => {
  it("is added to a collection of application rules that there is", () => {
    const [finding] = denied(policyOf([OWN]), ["github.com", 443]);
    expect(finding?.command).toMatch(/^az network firewall policy rule-collection-group collection rule add /);
    expect(finding?.options.get("rule-collection-group-name")).toEqual(["group"]);
    expect(finding?.options.get("collection-name")).toEqual(["allow-200"]);
    expect(finding?.options.get("protocols")).toEqual(["Https=443"]);
  });

  it("gets a rule with a name of its own, also beside one that is proposed with it or is there for others", () => {
    const there = collection("Allow", 200, {
      ...application(["x"]),
      name: "allow-github-com-443",
      sources: ["10.9.0.0/16"],
    });
    const findings = denied(policyOf([there]), ["*.github.com", 443], ["github.com", 443], ["github-com", 443]);
    expect(findings.map(({ options }) => options.get("name")?.[0])).toEqual([
      "allow-github-com-443-2",
      "allow-github-com-443-3",
      "allow-github-com-443-4",
    ]);
  });

  it("is let out by a network rule where it is not asked for by HTTP", () => {
    const [finding] = denied(policyOf([OWN]), ["git.example.com", 22]);
    expect(finding?.options.get("rule-type")).toEqual(["NetworkRule"]);
    expect(finding?.options.get("destination-fqdns")).toEqual(["git.example.com"]);
    expect(finding?.options.get("destination-ports")).toEqual(["22"]);
    expect(finding?.options.has("protocols")).toBe(false);
  });

  it("is let out by a network rule before the one that denies it: application rules would come too late", () => {
    const policy = policyOf([collection("Deny", 150, network(["443"])), OWN]);
    const [own] = denied(policy, ["*.blob.core.windows.net", 443]);
    expect(own?.command).toContain(" collection add-filter-collection ");
    expect(own?.options.get("rule-type")).toEqual(["NetworkRule"]);
    expect(own?.options.get("collection-priority")).toEqual(["149"]);
    const [name] = denied(policy, ["github.com", 443]);
    expect(name?.options.get("rule-type")).toEqual(["NetworkRule"]);
  });

  it("is let out in the base policy where that is what denies it", () => {
    const base = {
      ...policyOf([collection("Deny", 150, network(["443"]))]),
      id: "/subscriptions/s/resourceGroups/hub/x/base",
    };
    const [finding] = denied(policyOf([OWN], base), ["github.com", 443]);
    expect(finding?.mend).toContain("network rule to the base policy base that allows github.com at TCP 443");
    expect(finding?.options.get("policy-name")).toEqual(["base"]);
  });

  it("goes into the collection that the mend before it makes", () => {
    const [first, second] = denied(policyOf([OWN]), ["git.example.com", 22], ["ntp.example.com", 123]);
    expect(first?.command).toContain(" add-filter-collection ");
    expect(second?.command).toContain(" collection rule add ");
    expect(second?.options.get("collection-name")).toEqual(first?.options.get("name"));
  });

  it("by a wildcard takes a service tag in a network rule, or a person who knows its addresses", () => {
    const policy = policyOf([collection("Deny", 150, network(["443"])), OWN]);
    const [vaults, others] = denied(policy, ["*.vault.azure.net", 443], ["*.example.com", 443]);
    expect(vaults?.options.get("destination-addresses")).toEqual(["AzureKeyVault"]);
    expect(others?.command).toBeUndefined();
    expect(others?.mend).toContain("no wildcard");
  });

  it("needs room where the rule that denies it has the first priority", () => {
    const [finding] = denied(policyOf([collection("Deny", 100, network(["443"])), OWN]), ["github.com", 443]);
    expect(finding?.command).toBeUndefined();
    expect(finding?.mend).toContain("Make room");
  });
});
