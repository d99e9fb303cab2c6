import type { Finding } from "../failure.ts";
import { type DenyingRule, type FirewallPolicy, firewallVerdict } from "../network/firewall.ts";
import { matchHost, tagOfHost } from "../network/hostNames.ts";
import { hasDetours, type Way, type Ways, wayToInternet } from "../network/routes.ts";
import { mayBePrivate, reachedFrom, type Wanted } from "./egress.ts";
import { type BuildSubnet, buildSubnets, type Ground, type SeenFirewall } from "./ground.ts";
import { firewallMend } from "./firewallMend.ts";
import { nameOf } from "./mends.ts";
import { type Observed, valueOf } from "./observed.ts";
import { byHand, OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { tagOfWanted, wayToName, waysOf } from "./ways.ts";

const NO_PLACE =
  "Where the rule has to name addresses that stand behind a wildcard, or no priority is free before what denies it, people have to decide.";

export const firewallNames = rule({
  name: "firewall-names",
  holds: "The appliance that a subnet's traffic is forced to lets out the host names that are reached from there.",
  topologies: OWN_NETWORK,
  findings: {
    "egress-denied": {
      severity: "blocks",
      owner: "network",
      why: "A download that a firewall drops fails its customizer, often after its whole timeout.",
      ...byHand(NO_PLACE),
    },
    "egress-undecided": {
      severity: "warns",
      owner: "network",
      why: "The firewall may drop it: its rules, or the routes to it, are about something that is not known here.",
      ...byHand(NO_PLACE),
    },
    "egress-appliance-unknown": {
      severity: "warns",
      owner: "network",
      why: "What it lets pass cannot be read, so a name that it drops shows only in the build.",
      ...byHand("The appliance is not one of Azure's that can be read."),
    },
  },
  check(ground, find) {
    const seen = buildSubnets(ground).flatMap((subnet) => namesBehind(ground, subnet));
    const missing = seen.flatMap((one) => ("missing" in one ? one.missing : []));
    // Each mend of a policy may build on those that are told before it: what blocks is told first.
    const inOrder = [...missing.filter(({ isDenied }) => isDenied), ...missing.filter(({ isDenied }) => !isDenied)];
    const mended = new Map<string, FirewallPolicy>();
    return [
      ...seen.flatMap((one) => ("unknown" in one ? [find("egress-appliance-unknown", one.unknown)] : [])),
      ...inOrder.map(({ policy, sources, wanted, rule: decides, denying, isDenied }): Finding => {
        const { sight, policy: after } = firewallMend({ ...wanted, sources }, mended.get(policy.id) ?? policy, denying);
        mended.set(policy.id, after);
        const code = isDenied ? "egress-denied" : "egress-undecided";
        return find(code, { ...seenOf(wanted, policy.id, decides, code), ...sight });
      }),
    ];
  },
});

/** A name that a policy does not let out, or may not. */
interface Missing {
  policy: FirewallPolicy;
  /** Prefixes of the subnet. */
  sources: readonly string[];
  wanted: Wanted & { tag: string | undefined };
  rule: string | undefined;
  /** The first of all that deny it to one of the prefixes. */
  denying: DenyingRule | undefined;
  isDenied: boolean;
}

/** What is missing at the firewall that a subnet's traffic is forced to, or why nobody here can tell. */
function namesBehind(ground: Ground, subnet: BuildSubnet): ({ missing: Missing[] } | { unknown: Sight })[] {
  const ways = waysOf(ground, subnet);
  if (!ways) return [];
  const way = wayToInternet(ways);
  if (way.kind !== "appliance" && way.kind !== "gateway") return [];
  const reached = reachedFrom(subnet, ground.plan);
  const names = reached.names
    .map((one) => ({
      ...one,
      tag: tagOfWanted(one, ground.plan.location),
      way: wayToName(one, ground.plan.location, ways),
    }))
    .filter((one) => !PAST_IT.includes(one.way.kind));
  const next = way.kind === "appliance" ? ground.firewalls.find(({ address }) => address === way.address) : undefined;
  const policy = valueOf(next?.policy);
  if (names.length === 0) return [];
  if (!policy) {
    const where = way.kind === "appliance" ? `the appliance ${way.address}` : "a gateway";
    const unknown = {
      resource: subnet.routeTableId ?? subnet.id,
      seen: `The route ${way.route?.name} sends what goes out to ${where}, ${whyUnknown(next)}.`,
      mend: `Ask whoever runs it to let out, by TCP: ${names.map(({ name, port }) => `${name}:${port}`).join(", ")}.`,
    };
    return [{ unknown }];
  }
  const sources = subnet.addressPrefixes.filter((prefix) => !prefix.includes(":"));
  const missing = names.flatMap((wanted): Missing[] => {
    const verdicts = sources
      .map((source) => firewallVerdict(policy, { source, ...wanted }))
      .filter(({ kind }) => kind !== "allowed");
    const worst = verdicts.find(({ kind }) => kind === "denied") ?? verdicts[0];
    if (!worst) return [];
    const [denying] = verdicts.flatMap((one) => one.denying ?? []).toSorted((one, other) => one.place - other.place);
    const isDenied =
      worst.kind === "denied" && !(worst.rule === undefined && isBuiltIn(wanted)) && isCertain(wanted, way, ways);
    return [{ policy, sources, wanted, rule: worst.rule, denying, isDenied }];
  });
  return [{ missing }];
}

/** Whether a name leaves by the firewall beyond doubt: other routes may be for the addresses of one without a tag. */
function isCertain(one: Wanted & { way: Way }, firewall: Way, ways: Ways): boolean {
  if (one.way.kind !== "appliance" || firewall.kind !== "appliance" || mayBePrivate(one)) return false;
  return one.way.address === firewall.address && (tagOfHost(one.name) !== undefined || !hasDetours(ways));
}

/** The firewall lets some names of Azure's storage out by itself, and which is not published. */
function isBuiltIn({ name, port }: Wanted): boolean {
  return port === 443 && BUILT_IN.some((pattern) => matchHost(pattern, name) === "all");
}

/** Ways that a name takes past whatever the rest is forced to: by a service endpoint, or a route for a service tag. */
const PAST_IT: readonly Way["kind"][] = ["service", "internet", "network"];

/**
 * Domains of Azure Firewall's built-in collection for infrastructure: storage of platform images, of disks' states and
 * of diagnostics. From Microsoft's page on them (azure-docs, firewall/infrastructure-fqdns), which names no host.
 */
const BUILT_IN = ["*.core.windows.net"];

function whyUnknown(seen: SeenFirewall | undefined): string {
  const { firewall, policy } = seen ?? {};
  if (firewall?.kind === "unreadable") return `and whether that is an Azure Firewall ${reasonOf(firewall)}`;
  if (policy?.kind === "unreadable") return `an Azure Firewall whose policy ${reasonOf(policy)}`;
  if (firewall?.kind === "found") return "an Azure Firewall whose rules are not in a policy";
  return "which is not an Azure Firewall that is seen from here";
}

/** Azure's own reasons are for whoever can give the right to read it; ours are told in full. */
function reasonOf({ message, isOurs }: Observed<unknown> & { kind: "unreadable" }): string {
  return isOurs ? `is not known (${message.replace(/\.$/, "")})` : "cannot be read";
}

function seenOf({ name, port, by }: Wanted, policyId: string, decides: string | undefined, code: string) {
  const judged = code === "egress-denied" ? "does not let out" : "may not let out";
  const seen =
    `The firewall policy ${nameOf(policyId)} ${judged} ${name} at TCP ${port}, which ${by} reaches: ` +
    `${decides ? `by the rule ${decides}` : "no rule is about it"}.`;
  return { resource: policyId, seen };
}
