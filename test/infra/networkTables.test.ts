import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { Deployed } from "../support/bicep/deployment.ts";
import { deployInfra, root } from "../support/bicep/infraFiles.ts";
import { docTable } from "../support/docTable.ts";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

interface Rule {
  direction: "Inbound" | "Outbound";
  priority: number;
  access: "Allow" | "Deny";
  protocol: string;
  sourceAddressPrefix: string;
  destinationAddressPrefix: string;
  destinationPortRange: string;
}
interface Subnet {
  name: string;
  properties: {
    addressPrefix: string;
    networkSecurityGroup: { id: string };
    delegations: { properties: { serviceName: string } }[];
    privateLinkServiceNetworkPolicies: string;
  };
}

const { resources } = deployInfra({ installationId: "main", buildNetwork: "both", buildEgress: "natGateway" });
const propertiesOf = (is: (one: Deployed) => boolean) => resources.find(is)?.body.properties ?? {};
const { subnets } = propertiesOf(({ type }) => type === "Microsoft.Network/virtualNetworks") as { subnets: Subnet[] };

/** Of the security group of a subnet, in the order in which Azure asks them. */
function rulesOf({ properties }: Subnet): Rule[] {
  const { securityRules } = propertiesOf(({ id }) => id === properties.networkSecurityGroup.id) as {
    securityRules: { properties: Rule }[];
  };
  return securityRules
    .map((rule) => rule.properties)
    .toSorted((one, other) => one.direction.localeCompare(other.direction) || one.priority - other.priority);
}

const any = (value: string) => (value === "*" ? "any" : value);

it("docs/aks-jumpbox.md has the very rules of the subnet that its recipe is built in, in their order", () => {
  const [subnet] = subnets.filter(({ name }) => name === "snet-builds");
  const rules = subnet ? rulesOf(subnet) : [];
  expect(
    docTable("aks-jumpbox.md", "The least network security group that works").map((row) => row.slice(0, 5)),
  ).toEqual(
    rules.map((rule) => [
      rule.direction === "Inbound" ? "in" : "out",
      any(rule.sourceAddressPrefix),
      any(rule.destinationAddressPrefix),
      rule.protocol === "*" ? any(rule.destinationPortRange) : `TCP ${rule.destinationPortRange}`,
      rule.access.toLowerCase(),
    ]),
  );
});

interface Recipe {
  name: string;
  vmProfile?: { vnetConfig?: { subnetId: string; containerInstanceSubnetId?: string } };
}
const recipes = readdirSync(join(root, "images"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => parse(read("images", file)) as Recipe);
const subnetsOf = ({ vmProfile }: Recipe) =>
  Object.values(vmProfile?.vnetConfig ?? {})
    .filter((id) => id.includes("/subnets/"))
    .map((id) => id.split("/").at(-1));
const named = (some: Recipe[]) =>
  some
    .map(({ name }) => `\`${name}\``)
    .toSorted()
    .join(", ");

const WORDS: Record<string, string> = {
  AzureLoadBalancer: "the load balancer",
  VirtualNetwork: "the network",
  Internet: "the Internet",
  Storage: "the tag Storage",
};
const wordsOf = (end: string) =>
  WORDS[end] ?? `\`${subnets.find(({ properties }) => properties.addressPrefix === end)?.name}\``;

/** What the rules of one direction let through, as the table has it. */
const told = (subnet: Subnet, direction: Rule["direction"]) =>
  rulesOf(subnet)
    .filter((rule) => rule.direction === direction && rule.access === "Allow")
    .map((rule) =>
      direction === "Inbound"
        ? `${rule.destinationPortRange} from ${wordsOf(rule.sourceAddressPrefix)}`
        : `${rule.destinationPortRange} to ${wordsOf(rule.destinationAddressPrefix)}`,
    )
    .join(", ") || "nothing";

it("docs/shipped-recipes.md has what each subnet lets in and out, and which recipes are built in it", () => {
  const rows = docTable("shipped-recipes.md", "Subnets");
  const ofSubnets = subnets.map((subnet) => [
    named(recipes.filter((recipe) => subnetsOf(recipe).includes(subnet.name))),
    `\`${subnet.name}\``,
    told(subnet, "Inbound"),
    told(subnet, "Outbound"),
  ]);
  expect(rows.slice(0, -1)).toEqual(ofSubnets);
  expect(rows.at(-1)?.slice(0, 2)).toEqual([named(recipes.filter((recipe) => subnetsOf(recipe).length === 0)), "none"]);
});

it("what a subnet lets through is TCP, of itself or its network, and the rest is denied, as the page has it", () => {
  for (const subnet of subnets) {
    const rules = rulesOf(subnet);
    const own = new Set(["VirtualNetwork", subnet.properties.addressPrefix]);
    for (const rule of rules.filter(({ access }) => access === "Allow")) {
      expect(rule.protocol).toBe("Tcp");
      expect(own).toContain(rule.direction === "Inbound" ? rule.destinationAddressPrefix : rule.sourceAddressPrefix);
    }
    const denied = rules.filter(({ access }) => access === "Deny");
    expect(denied.map((rule) => [rule.direction, rule.priority, rule.protocol, rule.destinationPortRange])).toEqual([
      ["Inbound", 4096, "*", "*"],
      ["Outbound", 4096, "*", "*"],
    ]);
  }
  const page = read("docs", "shipped-recipes.md");
  const delegated = subnets.filter(({ properties }) => properties.delegations.length > 0);
  expect(delegated).toHaveLength(1);
  expect(page).toContain(
    delegated
      .map(
        ({ name, properties }) =>
          `\`${name}\` is delegated to \`${properties.delegations[0]?.properties.serviceName}\``,
      )
      .join(),
  );
  const linked = subnets.filter(({ properties }) => properties.privateLinkServiceNetworkPolicies === "Disabled");
  expect(page).toContain(
    `In ${linked.map(({ name }) => `\`${name}\``).join(" and ")}, network policies for private link services are off`,
  );
});
