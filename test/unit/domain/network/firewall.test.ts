import { describe, expect, it } from "vitest";
import { type FirewallPolicy, type FirewallRule, firewallVerdict } from "../../../../src/domain/network/firewall.ts";
import { tagOfHost } from "../../../../src/domain/network/hostNames.ts";
import {
  allowing as allow,
  application as fromAnywhere,
  collection,
  policyOf as policy,
} from "../../../support/firewallPolicies.ts";

type Network = Extract<FirewallRule, { kind: "network" }>;

const application: typeof fromAnywhere = (fqdns, changes) =>
  fromAnywhere(fqdns, { sources: ["10.0.0.0/24"], ...changes });
const network = (changes: Partial<Network>): FirewallRule => ({
  kind: "network",
  name: "addresses",
  sources: ["*"],
  sourceGroups: [],
  protocols: ["TCP"],
  ports: ["443"],
  destinations: [],
  destinationGroups: [],
  fqdns: [],
  ...changes,
});
const judge = (held: FirewallPolicy, name: string, port = 443) => {
  const { kind, rule } = firewallVerdict(held, { source: "10.0.0.0/28", name, port, tag: tagOfHost(name) });
  return rule ? `${kind} by ${rule}` : kind;
};
const GITHUB = "github.com";

describe("a firewall policy", () => {
  it.each<[string, FirewallPolicy, string, string]>([
    ["nothing that no rule lets pass", policy([]), GITHUB, "denied"],
    ["a name", allow(application([GITHUB])), GITHUB, "allowed by group/allow-200/names"],
    ["a name whatever its case", allow(application(["GitHub.com"])), GITHUB, "allowed by group/allow-200/names"],
    [
      "a name by a wildcard",
      allow(application(["*.github.com"])),
      "api.github.com",
      "allowed by group/allow-200/names",
    ],
    ["not the domain of a wildcard itself", allow(application(["*.github.com"])), GITHUB, "denied"],
    [
      "a wildcard by a wider one",
      allow(application(["*.windows.net"])),
      "*.blob.core.windows.net",
      "allowed by group/allow-200/names",
    ],
    [
      "a wildcard by one name of it no guess",
      allow(application(["a.blob.core.windows.net"])),
      "*.blob.core.windows.net",
      "unknown by group/allow-200/names",
    ],
    [
      "another port not at all",
      allow(application([GITHUB], { protocols: [{ type: "Https", port: 8443 }] })),
      GITHUB,
      "denied",
    ],
    [
      "another protocol not at all",
      allow(application([GITHUB], { protocols: [{ type: "Http", port: 443 }] })),
      GITHUB,
      "denied",
    ],
    ["another source not at all", allow(application([GITHUB], { sources: ["10.1.0.0/24"] })), GITHUB, "denied"],
    [
      "half of the source no guess",
      allow(application([GITHUB], { sources: ["10.0.0.0/29"] })),
      GITHUB,
      "unknown by group/allow-200/names",
    ],
    [
      "the source in two halves",
      allow(application([GITHUB], { sources: ["10.0.0.8/29", "10.0.0.0/29"] })),
      GITHUB,
      "allowed by group/allow-200/names",
    ],
    [
      "everywhere in two halves",
      allow(network({ destinations: ["128.0.0.0/1", "0.0.0.0/1"] })),
      GITHUB,
      "allowed by group/allow-200/addresses",
    ],
    [
      "an IP group no guess",
      allow(application([GITHUB], { sources: [], sourceGroups: ["/group"] })),
      GITHUB,
      "unknown by group/allow-200/names",
    ],
    [
      "a web category no guess",
      allow(application([], { webCategories: ["ComputersAndTechnology"] })),
      GITHUB,
      "unknown by group/allow-200/names",
    ],
    [
      "a part of a site no guess",
      allow(application([], { urls: ["github.com/azure/*"] })),
      GITHUB,
      "unknown by group/allow-200/names",
    ],
    [
      "a FQDN tag for a name that it is known to hold",
      allow(application([], { fqdnTags: ["WindowsUpdate"] })),
      "download.windowsupdate.com",
      "allowed by group/allow-200/names",
    ],
    [
      "a FQDN tag not for a name that is not Microsoft's",
      allow(application([], { fqdnTags: ["WindowsUpdate"] })),
      GITHUB,
      "denied",
    ],
    [
      "a FQDN tag for another name of Microsoft's by no guess",
      allow(application([], { fqdnTags: ["AzureBackup"] })),
      "x.microsoft.com",
      "unknown by group/allow-200/names",
    ],
    [
      "a FQDN tag of Azure's for a name that is not Microsoft's by no guess",
      allow(application([], { fqdnTags: ["AzureKubernetesService"] })),
      "security.ubuntu.com",
      "unknown by group/allow-200/names",
    ],
    [
      "everything by a network rule",
      allow(network({ destinations: ["*"] })),
      GITHUB,
      "allowed by group/allow-200/addresses",
    ],
    [
      "a service by its tag",
      allow(network({ destinations: ["Storage"] })),
      "*.blob.core.windows.net",
      "allowed by group/allow-200/addresses",
    ],
    ["a name in a network rule", allow(network({ fqdns: [GITHUB] })), GITHUB, "allowed by group/allow-200/addresses"],
    ["UDP not for TCP", allow(network({ destinations: ["*"], protocols: ["UDP"] })), GITHUB, "denied"],
    [
      "an address that may be the name's by no guess",
      allow(network({ destinations: ["20.0.0.0/8"] })),
      GITHUB,
      "unknown by group/allow-200/addresses",
    ],
    ["a private address not for a public name", allow(network({ destinations: ["10.0.0.0/8"] })), GITHUB, "denied"],
    [
      "network rules before application rules, whatever their priorities",
      policy([
        collection("Allow", 100, application([GITHUB])),
        collection("Deny", 900, network({ destinations: ["*"] })),
      ]),
      GITHUB,
      "denied by group/deny-900/addresses",
    ],
    [
      "the lower priority first",
      policy([collection("Allow", 300, application(["*"])), collection("Deny", 200, application([GITHUB]))]),
      GITHUB,
      "denied by group/deny-200/names",
    ],
    [
      "the base policy first, whatever its priorities",
      policy([collection("Allow", 100, application([GITHUB]))], policy([collection("Deny", 900, application(["*"]))])),
      GITHUB,
      "denied by group/deny-900/names",
    ],
    [
      "the base policy's network rules before the policy's, and all of them before application rules",
      policy(
        [collection("Deny", 100, network({ destinations: ["*"] }))],
        policy([collection("Allow", 900, application(["*"]))]),
      ),
      GITHUB,
      "denied by group/deny-100/addresses",
    ],
    [
      "a rule that only may hold, where the next says the same, as decided",
      allow(network({ destinations: ["20.0.0.0/8"] }), application([GITHUB])),
      GITHUB,
      "allowed by group/allow-200/addresses",
    ],
    [
      "DNAT not for what goes out",
      policy([collection("DNAT", 100, { kind: "nat", name: "in", sources: ["*"], sourceGroups: [] })]),
      GITHUB,
      "denied",
    ],
  ])("takes %s", (_, held, name, said) => {
    expect(judge(held, name)).toBe(said);
  });

  it("may let a tag's names pass at other ports than its rule says", () => {
    const held = allow(application([], { fqdnTags: ["WindowsUpdate"] }));
    expect(judge(held, "download.windowsupdate.com", 80)).toBe("unknown by group/allow-200/names");
    expect(judge(held, "archive.ubuntu.com", 80)).toBe("denied");
  });

  it("lets port 80 pass by Http", () => {
    const held = allow(application(["archive.ubuntu.com"], { protocols: [{ type: "Http", port: 80 }] }));
    expect(judge(held, "archive.ubuntu.com", 80)).toBe("allowed by group/allow-200/names");
    expect(judge(held, "archive.ubuntu.com", 443)).toBe("denied");
  });
});
