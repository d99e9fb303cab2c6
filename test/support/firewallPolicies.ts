import type { FirewallPolicy, FirewallRule, RuleCollection } from "../../src/domain/network/firewall.ts";

type Application = Extract<FirewallRule, { kind: "application" }>;

/** A rule about names at HTTPS, from anywhere. */
export const application = (fqdns: readonly string[], changes: Partial<Application> = {}): FirewallRule => ({
  kind: "application",
  name: "names",
  sources: ["*"],
  sourceGroups: [],
  protocols: [{ type: "Https", port: 443 }],
  fqdns,
  urls: [],
  fqdnTags: [],
  webCategories: [],
  ...changes,
});

export const collection = (
  action: RuleCollection["action"],
  priority: number,
  ...rules: FirewallRule[]
): RuleCollection => ({
  name: `${action}-${priority}`.toLowerCase(),
  priority,
  action,
  rules,
});

export const policyOf = (collections: RuleCollection[], base?: FirewallPolicy): FirewallPolicy => ({
  id: "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/policy",
  groups: [{ name: "group", priority: 100, collections }],
  ...(base ? { base } : {}),
});

export const allowing = (...rules: FirewallRule[]) => policyOf([collection("Allow", 200, ...rules)]);
