import type {
  DenyingRule,
  FirewallPolicy,
  FirewallRule,
  RuleCollection,
  RuleCollectionGroup,
} from "../network/firewall.ts";
import { az, type BicepValue, bicepValue, freeName, nameOf, type Options, whereOf } from "./mends.ts";
import type { Sight } from "./rule.ts";

interface Missing {
  name: string;
  port: number;
  /** The service tag that covers the name; undefined where none does. */
  tag: string | undefined;
  /** Prefixes of the subnet. */
  sources: readonly string[];
}

/** A rule to add, as both languages have it. */
interface Proposed {
  kind: "network" | "application";
  options: Options;
  bicep: { readonly [name: string]: BicepValue };
}

/** Of the collections in a group, and the highest that Azure takes. */
const [FIRST, LAST] = [100, 65_000];

/**
 * How a firewall policy is made to let a name out: by a rule of a kind, in a policy and at a place that come before what
 * denies it. Application rules come after all network rules, and a policy's own after those of its base.
 *
 * @returns also the policy as it then is, as far as its collections go: the next mend may use what this one makes.
 */
export function firewallMend(
  missing: Missing,
  own: FirewallPolicy,
  denying: DenyingRule | undefined,
): { sight: Pick<Sight, "mend" | "command" | "bicep">; policy: FirewallPolicy } {
  const { name, port, sources } = missing;
  const rule = ruleFor(missing, denying);
  const { id, groups } = policiesOf(own).find((one) => one.id === denying?.policyId) ?? own;
  const where = id === own.id ? "" : ` to the base policy ${nameOf(id)}`;
  const before = denying ? `, before ${denying.label}` : "";
  if (!rule) {
    const mend = `Add a network rule${where} for the addresses behind ${name} at TCP ${port}${before}: its names take no wildcard.`;
    return { sight: { mend }, policy: own };
  }
  const [article, proxy] = [
    rule.kind === "network" ? "a" : "an",
    "destination-fqdns" in rule.options ? " Names in network rules need the policy's DNS proxy." : "",
  ];
  const mend = `Add ${article} ${rule.kind} rule${where} that allows ${name} at TCP ${port} from ${sources.join(", ")}${before}.${proxy}`;
  const place = placeFor(rule.kind, groups, denying);
  if (!place) return { sight: { mend: `${mend} Make room for it: no priority before it is free.` }, policy: own };
  const { group, collection, priority } = place;
  const ruleType = rule.kind === "network" ? "NetworkRule" : "ApplicationRule";
  const there = groups
    .filter((one) => one.name === group)
    .flatMap(({ collections }) => collections.filter((one) => one.name === collection).flatMap(({ rules }) => rules));
  const ruleName = freeName(
    there.map((one) => one.name),
    `allow-${name.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-/, "")}-${port}`,
  );
  const at = { "policy-name": nameOf(id), "rule-collection-group-name": group };
  const added = { "rule-type": ruleType, "source-addresses": sources, ...rule.options };
  const fresh = { name: collection, "collection-priority": priority ?? 0, action: "Allow", "rule-name": ruleName };
  const command =
    priority === undefined
      ? az`${OF_GROUP} rule add ${whereOf(id)} ${{ ...at, "collection-name": collection, name: ruleName, ...added }}`
      : az`${OF_GROUP} add-filter-collection ${whereOf(id)} ${{ ...at, ...fresh, ...added }}`;
  const newOne = priority === undefined ? "" : `, which is new and has the priority ${priority}`;
  const bicep = `// in the rules of the collection ${group}/${collection}${newOne}, of ${id}\n${bicepValue({
    ruleType,
    name: ruleName,
    sourceAddresses: sources,
    ...rule.bicep,
  })}`;
  const policy = withRule(own, id, group, { name: collection, priority: priority ?? 0 }, named(rule.kind, ruleName));
  return { sight: { mend, command, bicep }, policy };
}

const OF_GROUP = ["network", "firewall", "policy", "rule-collection-group", "collection"];

/** The policy with a new rule, in a collection that is there or is made for it: what is to be added next may go there. */
function withRule(
  policy: FirewallPolicy,
  id: string,
  groupName: string,
  place: Pick<RuleCollection, "name" | "priority">,
  rule: FirewallRule,
): FirewallPolicy {
  if (policy.id !== id)
    return policy.base ? { ...policy, base: withRule(policy.base, id, groupName, place, rule) } : policy;
  const added = (collections: readonly RuleCollection[]): RuleCollection[] =>
    collections.some(({ name }) => name === place.name)
      ? collections.map((one) => (one.name === place.name ? { ...one, rules: [...one.rules, rule] } : one))
      : [...collections, { ...place, action: "Allow", rules: [rule] }];
  const groups = policy.groups.map((group) =>
    group.name === groupName ? { ...group, collections: added(group.collections) } : group,
  );
  return { ...policy, groups };
}

/** A rule of which its kind and its name count. */
function named(kind: Proposed["kind"], name: string): FirewallRule {
  const rule = { name, sources: [], sourceGroups: [], protocols: [], fqdns: [] };
  return kind === "network"
    ? { ...rule, kind, ports: [], destinations: [], destinationGroups: [] }
    : { ...rule, kind, urls: [], fqdnTags: [], webCategories: [] };
}

/** Application rules speak HTTP only. */
function ruleFor({ name, port, tag }: Missing, denying: DenyingRule | undefined): Proposed | undefined {
  const protocolType = { 80: "Http", 443: "Https" }[port];
  if (protocolType && denying?.kind !== "network") {
    return {
      kind: "application",
      options: { protocols: `${protocolType}=${port}`, "target-fqdns": name },
      bicep: { protocols: [{ protocolType, port }], targetFqdns: [name] },
    };
  }
  const ports = { ipProtocols: ["TCP"], destinationPorts: [String(port)] };
  const options = { "ip-protocols": "TCP", "destination-ports": port };
  if (tag)
    return {
      kind: "network",
      options: { ...options, "destination-addresses": tag },
      bicep: { ...ports, destinationAddresses: [tag] },
    };
  if (name.startsWith("*")) return undefined;
  return {
    kind: "network",
    options: { ...options, "destination-fqdns": name },
    bicep: { ...ports, destinationFqdns: [name] },
  };
}

const policiesOf = (policy: FirewallPolicy): FirewallPolicy[] => [
  policy,
  ...(policy.base ? policiesOf(policy.base) : []),
];

/** A collection for a rule. `priority`: where there is none yet, that of the one to make. */
function placeFor(
  kind: Proposed["kind"],
  groups: readonly RuleCollectionGroup[],
  denying: DenyingRule | undefined,
): { group: string; collection: string; priority?: number } | undefined {
  // Network rules come before application rules, wherever they are.
  const rival = denying?.kind === kind ? denying : undefined;
  for (const group of groups) {
    const fit = group.collections.find(
      (one) => one.action === "Allow" && isOf(kind, one) && (!rival || comesBefore(group, one, rival)),
    );
    if (fit) return { group: group.name, collection: fit.name };
  }
  const [lowest] = groups.toSorted((one, other) => one.priority - other.priority);
  const group = groups.find(({ name }) => name === rival?.group.name) ?? lowest;
  if (!group) return { group: "<group>", collection: "<collection>" };
  const taken = new Set(group.collections.map(({ priority }) => priority));
  for (let priority = (rival?.collection.priority ?? LAST + 1) - 1; priority >= FIRST; priority--) {
    if (!taken.has(priority)) return { group: group.name, collection: `allow-${kind}-names-${priority}`, priority };
  }
  return undefined;
}

/** A collection takes rules of one kind. */
function isOf(kind: Proposed["kind"], { name, rules }: RuleCollection): boolean {
  return rules.length > 0 ? rules.every((one) => one.kind === kind) : name.startsWith(`allow-${kind}-names-`);
}

function comesBefore(group: RuleCollectionGroup, collection: RuleCollection, denying: DenyingRule): boolean {
  if (group.name !== denying.group.name) return group.priority < denying.group.priority;
  return collection.priority < denying.collection.priority;
}
