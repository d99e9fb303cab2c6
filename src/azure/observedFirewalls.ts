import { z } from "zod";
import type { FirewallPolicy, FirewallRule } from "../domain/network/firewall.ts";
import type { AzureFirewall } from "../domain/preflight/ground.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { unexpected, type ArmReader } from "./armReader.ts";
import { list, reference, text, texts } from "./fields.ts";
import { understood } from "./understood.ts";

const VERSION = "2025-05-01";
/** Policies may be based on others, which Azure bounds lower than this. */
const MOST_POLICIES = 4;

const firewall = z
  .object({
    id: z.string(),
    properties: z.object({
      ipConfigurations: list(z.object({ properties: z.object({ privateIPAddress: text }).nullish() })),
      hubIPAddresses: z.object({ privateIPAddress: text }).nullish(),
      firewallPolicy: reference,
    }),
  })
  .transform(({ id, properties }): AzureFirewall => ({
    id,
    privateAddresses: [
      ...properties.ipConfigurations.map((one) => one.properties?.privateIPAddress),
      properties.hubIPAddresses?.privateIPAddress,
    ].filter((address) => address !== undefined),
    policyId: properties.firewallPolicy,
  }));

const named = { name: text.transform((name) => name ?? "a rule without a name") };
const sources = { ...named, sourceAddresses: texts, sourceIpGroups: texts };
const rule = z.discriminatedUnion("ruleType", [
  z.object({
    ruleType: z.literal("ApplicationRule"),
    ...sources,
    protocols: list(z.object({ protocolType: text, port: z.number().nullish() })),
    targetFqdns: texts,
    targetUrls: texts,
    fqdnTags: texts,
    webCategories: texts,
  }),
  z.object({
    ruleType: z.literal("NetworkRule"),
    ...sources,
    ipProtocols: texts,
    destinationPorts: texts,
    destinationAddresses: texts,
    destinationIpGroups: texts,
    destinationFqdns: texts,
  }),
  z.object({ ruleType: z.literal("NatRule"), ...sources }),
]);

const group = z
  .object({
    name: z.string(),
    properties: z.object({
      priority: z.number(),
      ruleCollections: list(
        z.object({
          ...named,
          priority: z.number(),
          action: z.object({ type: z.enum(["Allow", "Deny", "DNAT"]) }),
          rules: list(rule),
        }),
      ),
    }),
  })
  .transform(({ name, properties }) => ({
    name,
    priority: properties.priority,
    collections: properties.ruleCollections.map((one) => ({
      ...one,
      action: one.action.type,
      rules: one.rules.map(ruleOf),
    })),
  }));

function ruleOf(read: z.infer<typeof rule>): FirewallRule {
  const shared = { name: read.name, sources: read.sourceAddresses, sourceGroups: read.sourceIpGroups };
  switch (read.ruleType) {
    case "NatRule":
      return { kind: "nat", ...shared };
    case "NetworkRule":
      return {
        kind: "network",
        ...shared,
        protocols: read.ipProtocols,
        ports: read.destinationPorts,
        destinations: read.destinationAddresses,
        destinationGroups: read.destinationIpGroups,
        fqdns: read.destinationFqdns,
      };
    default:
      return {
        kind: "application",
        ...shared,
        protocols: read.protocols.map(({ protocolType = "", port }) => ({ type: protocolType, port: port ?? 0 })),
        fqdns: read.targetFqdns,
        urls: read.targetUrls,
        fqdnTags: read.fqdnTags,
        webCategories: read.webCategories,
      };
  }
}

/** The Azure Firewall that has this private address: a firewall is in the resource group of its virtual network. */
export async function observeFirewallAt(
  reader: ArmReader,
  resourceGroupId: string,
  address: string,
): Promise<Observed<AzureFirewall>> {
  const resource = `${resourceGroupId}/providers/Microsoft.Network/azureFirewalls`;
  const answer = understood(await reader.list(resource, VERSION), z.array(firewall));
  if (answer.kind !== "found") return answer;
  const value = answer.value.find(({ privateAddresses }) => privateAddresses.includes(address));
  return value ? { resource: value.id, kind: "found", value } : { resource, kind: "absent" };
}

/** A policy with all that it is based on: with a part of it nothing could be said, so that is as unreadable as the whole. */
export async function observeFirewallPolicy(
  reader: ArmReader,
  id: string,
  depth = 0,
): Promise<Observed<FirewallPolicy>> {
  if (depth === MOST_POLICIES) return { resource: id, ...unexpected("Its policies are based on one another.") };
  const policySchema = z.object({ properties: z.object({ basePolicy: reference }) });
  const [policy, groups] = await Promise.all([
    reader.get(id, VERSION).then((answer) => understood(answer, policySchema)),
    reader.list(`${id}/ruleCollectionGroups`, VERSION).then((answer) => understood(answer, z.array(group))),
  ]);
  if (policy.kind !== "found") return policy;
  if (groups.kind !== "found") return groups;
  const baseId = policy.value.properties.basePolicy;
  if (!baseId) return { resource: id, kind: "found", value: { id, groups: groups.value } };
  const base = await observeFirewallPolicy(reader, baseId, depth + 1);
  return base.kind === "found"
    ? { resource: id, kind: "found", value: { id, groups: groups.value, base: base.value } }
    : base;
}
