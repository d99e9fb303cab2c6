import type { Finding } from "../failure.ts";
import { firewallVerdict } from "../network/firewall.ts";
import { matchHost } from "../network/hostNames.ts";
import { type Way, wayToInternet } from "../network/routes.ts";
import { type Wanted, wantedNames } from "./egress.ts";
import { buildSubnets, type Ground } from "./ground.ts";
import { az, bicepValue, nameOf, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { wayToName, waysOf } from "./ways.ts";

export const firewallNames = rule({
  name: "firewall-names",
  holds: "The appliance that the subnet's traffic is forced to lets out the host names that the build reaches.",
  topologies: OWN_NETWORK,
  findings: {
    "egress-denied": {
      severity: "blocks",
      owner: "network",
      why: "A download that a firewall drops fails its customizer, often after its whole timeout.",
    },
    "egress-undecided": {
      severity: "warns",
      owner: "network",
      why: "The firewall may drop it: its rules, or the routes to it, are about something that is not known here.",
    },
    "egress-appliance-unknown": {
      severity: "warns",
      owner: "network",
      why: "What it lets pass cannot be read, so a name that it drops shows only in the build.",
    },
  },
  check(ground, find) {
    const [build] = buildSubnets(ground);
    const ways = build && waysOf(ground, build);
    if (!build || !ways) return [];
    const way = wayToInternet(ways);
    if (way.kind !== "appliance" && way.kind !== "gateway") return [];
    const wanted = wantedNames(ground.plan)
      .map((one) => ({ ...one, way: wayToName(one, ground.plan.location, ways) }))
      .filter((one) => !PAST_IT.includes(one.way.kind));
    const policy = valueOf(ground.firewallPolicy);
    if (way.kind !== "appliance" || !policy) {
      const where = way.kind === "appliance" ? `the appliance ${way.address}` : "a gateway";
      return [
        find("egress-appliance-unknown", {
          resource: build.routeTableId ?? build.id,
          seen: `The route ${way.route?.name} sends what goes out to ${where}, ${whyUnknown(ground)}.`,
          mend: `Ask whoever runs it to let out, by TCP: ${wanted.map(({ name, port }) => `${name}:${port}`).join(", ")}.`,
        }),
      ];
    }
    const prefixes = build.addressPrefixes.filter((prefix) => !prefix.includes(":"));
    return wanted.flatMap((one): Finding[] => {
      const verdicts = prefixes.map((source) => firewallVerdict(policy, { source, ...one }));
      const worst = verdicts.find(({ kind }) => kind === "denied") ?? verdicts.find(({ kind }) => kind === "unknown");
      if (!worst) return [];
      // The firewall lets some names of Azure's storage out by itself, and which is not published.
      const mayBeBuiltIn = !worst.rule && BUILT_IN.some((pattern) => matchHost(pattern, one.name) === "all");
      const isTheFirewalls = one.way.kind === "appliance" && one.way.address === way.address;
      const isDenied = worst.kind === "denied" && isTheFirewalls && !mayBeBuiltIn;
      const code = isDenied ? "egress-denied" : "egress-undecided";
      return [find(code, sightOf(one, policy.id, worst.rule, prefixes, code))];
    });
  },
});

/** Ways that a name takes past whatever the rest is forced to: by a service endpoint, or a route for a service tag. */
const PAST_IT: readonly Way["kind"][] = ["service", "internet", "network"];

/**
 * Domains of Azure Firewall's built-in collection for infrastructure: storage of platform images, of disks' states and
 * of diagnostics. From Microsoft's page on them (azure-docs, firewall/infrastructure-fqdns), which names no host.
 */
const BUILT_IN = ["*.core.windows.net"];

function whyUnknown({ firewall, firewallPolicy }: Ground): string {
  if (firewall.kind === "unreadable") return "and whether that is an Azure Firewall cannot be read";
  if (firewallPolicy.kind === "unreadable") return "an Azure Firewall whose policy cannot be read";
  if (firewall.kind === "found") return "an Azure Firewall whose rules are not in a policy";
  return "which is not an Azure Firewall that is seen from here";
}

function sightOf(
  { name, port, by }: Wanted,
  policyId: string,
  decides: string | undefined,
  prefixes: readonly string[],
  code: string,
): Sight {
  const judged = code === "egress-denied" ? "does not let out" : "may not let out";
  const ruleName = `allow-${name.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-/, "")}-${port}`;
  const protocol = port === 80 ? "Http" : "Https";
  return {
    resource: policyId,
    seen:
      `The firewall policy ${nameOf(policyId)} ${judged} ${name} at TCP ${port}, which ${by} reaches: ` +
      `${decides ? `by the rule ${decides}` : "no rule is about it"}.`,
    mend: `Add an application rule that allows ${name} at ${protocol}:${port} from ${prefixes.join(", ")}${decides ? `, before ${decides}` : ""}.`,
    command: az`network firewall policy rule-collection-group collection rule add ${whereOf(policyId)} ${{
      "policy-name": nameOf(policyId),
      "rule-collection-group-name": "<group>",
      "collection-name": "<collection>",
      "rule-type": "ApplicationRule",
      name: ruleName,
      "source-addresses": prefixes,
      protocols: `${protocol}=${port}`,
      "target-fqdns": name,
    }}`,
    bicep: `// in the rules of a collection of ${policyId}\n${bicepValue({
      ruleType: "ApplicationRule",
      name: ruleName,
      sourceAddresses: prefixes,
      protocols: [{ protocolType: protocol, port }],
      targetFqdns: [name],
    })}`,
  };
}
