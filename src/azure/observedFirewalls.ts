import * as z from "zod";
import type { FirewallPolicy, FirewallRule } from "../domain/network/firewall.ts";
import type { AzureFirewall } from "../domain/preflight/ground.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import { collectionOf, parentOf, sameId, subscriptionOf } from "../domain/resourceId.ts";
import { unexpected, type ArmReader } from "./armReader.ts";
import { isWithin } from "../domain/roleAssignment.ts";
import { list, reference, text, texts } from "./fields.ts";
import { understood } from "./understood.ts";

const VERSION = "2025-05-01";
/** Policies may be based on others, which Azure bounds lower than this. */
const MOST_POLICIES = 4;

const firewall = z
  .object({
    id: z.string(),
    properties: z.object({
      ipConfigurations: list(
        z.object({ properties: z.object({ privateIPAddress: text, subnet: reference }).nullish() }),
      ),
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
    // Others beside the first have public addresses only, and name no subnet.
    networkId: properties.ipConfigurations.flatMap((one) => one.properties?.subnet ?? []).map(parentOf)[0],
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

/**
 * The Azure Firewall that has this private address in one of the networks, looked for in one place after the other. Hubs
 * of several environments mostly have the same addresses, and a firewall of a virtual hub is in no network that is told.
 *
 * @param places ids of resource groups and subscriptions, the likeliest first.
 * @param networks ids of the virtual networks that the address can be in.
 */
export async function observeFirewallAt(
  reader: ArmReader,
  places: readonly string[],
  address: string,
  networks: readonly string[],
): Promise<Observed<AzureFirewall>> {
  let hidden: Observed<never> | undefined;
  const looked: string[] = [];
  for (const place of places) {
    if (looked.some((one) => isWithin(place, one))) continue;
    const path = `${place}/providers/Microsoft.Network/azureFirewalls`;
    const answer = understood(await reader.list(path, VERSION), z.array(firewall));
    const namesakes = (valueOf(answer) ?? []).filter(({ privateAddresses }) => privateAddresses.includes(address));
    const within = namesakes.filter(({ networkId }) => networks.some((one) => sameId(one, networkId ?? "")));
    const [value, ...others] = within.length > 0 ? within : namesakes.filter(({ networkId }) => !networkId);
    if (value && others.length > 0) return { resource: place, ...severalAt(address) };
    if (value) return { resource: value.id, kind: "found", value };
    if (answer.kind === "unreadable") hidden ??= answer;
    else looked.push(place);
  }
  return hidden ?? { resource: places[0] ?? "", kind: "absent" };
}

function severalAt(address: string) {
  const message = `Several firewalls have the address ${address}, and which of them is meant is not told.`;
  return { kind: "unreadable", code: "several-firewalls", message, isOurs: true } as const;
}

const policy = z.object({ properties: z.object({ basePolicy: reference }) });

/**
 * A policy with all that it is based on: with a part of it nothing could be said, so that is as unreadable as the whole.
 *
 * @param place id of a subscription, where all of its policies are shown: then one read tells of them all.
 */
export async function observeFirewallPolicy(
  reader: ArmReader,
  id: string,
  place?: string,
  depth = 0,
): Promise<Observed<FirewallPolicy>> {
  if (depth === MOST_POLICIES) return { resource: id, ...unexpected("Its policies are based on one another.") };
  const [self, groups] = await Promise.all([
    observePolicyItself(reader, id, place),
    reader.list(`${id}/ruleCollectionGroups`, VERSION).then((answer) => understood(answer, z.array(group))),
  ]);
  if (self.kind !== "found") return self;
  if (groups.kind !== "found") return groups;
  const baseId = self.value.properties.basePolicy;
  if (!baseId) return { resource: id, kind: "found", value: { id, groups: groups.value } };
  const base = await observeFirewallPolicy(reader, baseId, place, depth + 1);
  return base.kind === "found"
    ? { resource: id, kind: "found", value: { id, groups: groups.value, base: base.value } }
    : base;
}

/** By a list, which mostly tells of its base policies as well, and so is asked for once. */
async function observePolicyItself(
  reader: ArmReader,
  id: string,
  place: string | undefined,
): Promise<Observed<z.infer<typeof policy>>> {
  const isThere = place !== undefined && sameId(subscriptionOf(id), place);
  const listed = await reader.list(isThere ? `${place}/${POLICIES}` : collectionOf(id), VERSION);
  return understood(listed.kind === "found" ? among(listed.value, id) : await reader.get(id, VERSION), policy);
}

const POLICIES = "providers/Microsoft.Network/firewallPolicies";

/** What a list has of a resource. */
function among(listed: readonly unknown[], id: string): Observed<unknown> {
  const value = listed.find((one) => sameId(String((one as { id?: unknown } | null)?.id), id));
  return value === undefined ? { resource: id, kind: "absent" } : { resource: id, kind: "found", value };
}
