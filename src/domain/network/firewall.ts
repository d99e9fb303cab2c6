import { endpointOf, sideOf, spaceOf } from "./endpoint.ts";
import { fqdnTagHolds } from "./fqdnTags.ts";
import { matchHost } from "./hostNames.ts";
import { both, either, type Match } from "./match.ts";
import { portsOf } from "./ports.ts";

/** A firewall policy as far as outward traffic goes, with those that it inherits from. */
export interface FirewallPolicy {
  id: string;
  groups: readonly RuleCollectionGroup[];
  /** The policy that it is based on. */
  base?: FirewallPolicy;
}

export interface RuleCollectionGroup {
  name: string;
  priority: number;
  collections: readonly RuleCollection[];
}

export interface RuleCollection {
  name: string;
  priority: number;
  /** DNAT is for what comes in from the Internet to the firewall's own addresses. */
  action: "Allow" | "Deny" | "DNAT";
  rules: readonly FirewallRule[];
}

interface OfSources {
  name: string;
  sources: readonly string[];
  /** Ids of IP groups, whose addresses are not read. */
  sourceGroups: readonly string[];
}

export type FirewallRule = OfSources &
  (
    | {
        kind: "network";
        /** Any, TCP, UDP, ICMP. */
        protocols: readonly string[];
        ports: readonly string[];
        destinations: readonly string[];
        destinationGroups: readonly string[];
        fqdns: readonly string[];
      }
    | {
        kind: "application";
        protocols: readonly { type: string; port: number }[];
        fqdns: readonly string[];
        urls: readonly string[];
        fqdnTags: readonly string[];
        webCategories: readonly string[];
      }
    | { kind: "nat" }
  );

/** What a machine asks of a firewall: a host name at a port, by TCP. */
export interface NamedFlow {
  /** Prefix of the machine's subnet. */
  source: string;
  name: string;
  port: number;
  /** The service tag that covers the name; undefined where none does. */
  tag: string | undefined;
}

/** Whether a named flow passes, and the rule that decides: nothing passes that no rule lets. */
export interface FirewallVerdict {
  kind: "allowed" | "denied" | "unknown";
  /** `group/collection/rule`; undefined where it is denied since no rule is about it. */
  rule?: string;
  /** Before which a rule would have to come that lets it pass; undefined where none denies it. */
  denying?: DenyingRule;
}

/** A rule that denies, or may, and where it stands. */
export interface DenyingRule {
  label: string;
  /** Among all rules of the policy, in the order that they are asked in. */
  place: number;
  kind: FirewallRule["kind"];
  policyId: string;
  group: RuleCollectionGroup;
  collection: RuleCollection;
}

const SPACE = spaceOf({ prefixes: [], isComplete: true });

/**
 * DNAT rules come first and are about other traffic; then network rules, then application rules; of each kind those of
 * the base policy before the policy's own, and then by the priorities of groups and collections. From Microsoft's page
 * on how rules are processed (azure-docs, firewall/rule-processing).
 */
export function firewallVerdict(policy: FirewallPolicy, flow: NamedFlow): FirewallVerdict {
  const open: (Ordered & DenyingRule)[] = [];
  let isDecided = false;
  for (const [place, one] of [...rulesOf(policy, "network"), ...rulesOf(policy, "application")].entries()) {
    const match = matchRule(one.rule, flow);
    if (match === "none") continue;
    open.push({ ...one, place });
    isDecided = match === "all";
    if (isDecided) break;
  }
  const actions = new Set([...open.map(({ action }) => action), ...(isDecided ? [] : ["Deny"])]);
  const denying = open.find(({ action }) => action === "Deny");
  const by = { ...(open[0] && { rule: open[0].label }), ...(denying && { denying }) };
  if (actions.size > 1) return { kind: "unknown", ...by };
  return { kind: actions.has("Allow") ? "allowed" : "denied", ...by };
}

interface Ordered extends Omit<DenyingRule, "place"> {
  action: string;
  rule: FirewallRule;
}

function rulesOf(policy: FirewallPolicy, kind: FirewallRule["kind"]): Ordered[] {
  const inherited = policy.base ? rulesOf(policy.base, kind) : [];
  const own = byPriority(policy.groups).flatMap((group) =>
    byPriority(group.collections)
      .filter(({ action }) => action !== "DNAT")
      .flatMap((collection) =>
        collection.rules
          .filter((rule) => rule.kind === kind)
          .map((rule) => ({
            action: collection.action,
            rule,
            kind,
            policyId: policy.id,
            group,
            collection,
            label: `${group.name}/${collection.name}/${rule.name}`,
          })),
      ),
  );
  return [...inherited, ...own];
}

const byPriority = <T extends { priority: number }>(all: readonly T[]): T[] =>
  all.toSorted((one, other) => one.priority - other.priority);

function matchRule(rule: FirewallRule, flow: NamedFlow): Match {
  if (rule.kind === "nat") return "none";
  const source = either([matchSides(rule.sources, flow.source), ...unread(rule.sourceGroups)]);
  if (source === "none") return "none";
  return both([source, rule.kind === "network" ? matchNetwork(rule, flow) : matchApplication(rule, flow)]);
}

/** Nobody here knows what is in them. */
const unread = (ids: readonly string[]): Match[] => ids.map(() => "unknown");

const matchSides = (prefixes: readonly string[], endpoint: string): Match =>
  sideOf(prefixes)(endpointOf(endpoint), SPACE);

function matchNetwork(rule: FirewallRule & { kind: "network" }, { name, port, tag = "Internet" }: NamedFlow): Match {
  if (!rule.protocols.some((protocol) => /^(any|tcp)$/i.test(protocol))) return "none";
  return both([
    portsOf(rule.ports).hold(port),
    either([
      // A name's addresses are not known, but for the service tag that covers it.
      matchSides(rule.destinations, tag),
      ...unread(rule.destinationGroups),
      ...rule.fqdns.map((fqdn) => matchHost(fqdn, name)),
    ]),
  ]);
}

function matchApplication(rule: FirewallRule & { kind: "application" }, { name, port }: NamedFlow): Match {
  const type = port === 443 ? /^https$/i : port === 80 ? /^http$/i : /^https?$/i;
  const isAbout = rule.protocols.some((one) => one.port === port && type.test(one.type));
  const tagged = either(rule.fqdnTags.map((tag) => fqdnTagHolds(tag, name)));
  // Rules with tags have to say https, and at which ports a tag's names pass by that is not documented.
  if (!isAbout) return tagged === "none" ? "none" : "unknown";
  return either([
    tagged,
    ...rule.fqdns.map((fqdn) => matchHost(fqdn, name)),
    ...rule.urls.map((url): Match => (matchHost(url.split("/")[0] ?? "", name) === "none" ? "none" : "unknown")),
    ...unread(rule.webCategories),
  ]);
}
