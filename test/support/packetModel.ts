/** What network security groups do to one packet: slow and obvious, to hold the evaluator of whole flows against. */
import ipaddr from "ipaddr.js";
import type { SecurityRule } from "../../src/domain/network/observed.ts";

export interface Packet {
  direction: "Inbound" | "Outbound";
  protocol: "Tcp" | "Udp";
  source: string;
  /** The application security groups that the source is in. */
  sourceGroups?: readonly string[];
  sourcePort?: number;
  destination: string;
  destinationGroups?: readonly string[];
  port: number;
}

/** Where everything is, as only Azure knows. */
export interface Places {
  /** Prefixes of VirtualNetwork, beside the host's address. */
  network: readonly string[];
  /** Prefixes of other service tags by their names. */
  tags?: Readonly<Record<string, readonly string[]>>;
}

export function passes(rules: readonly SecurityRule[], packet: Packet, places: Places): boolean {
  const inOrder = [...rules].sort((one, other) => Number(one.priority) - Number(other.priority));
  for (const rule of inOrder) {
    if (rule.direction !== packet.direction) continue;
    if (rule.protocol !== "*" && rule.protocol !== packet.protocol) continue;
    if (!isAmong(rule.destinationPortRange, rule.destinationPortRanges, packet.port)) continue;
    if (!isAmong(rule.sourcePortRange, rule.sourcePortRanges, packet.sourcePort ?? 50_000)) continue;
    const sources = [rule.sourceAddressPrefix ?? "", ...(rule.sourceAddressPrefixes ?? [])];
    const isFrom =
      sources.some((prefix) => hasAddress(prefix, packet.source, places)) ||
      isMember(rule.sourceApplicationSecurityGroups, packet.sourceGroups);
    if (!isFrom) continue;
    const destinations = [rule.destinationAddressPrefix ?? "", ...(rule.destinationAddressPrefixes ?? [])];
    const isTo =
      destinations.some((prefix) => hasAddress(prefix, packet.destination, places)) ||
      isMember(rule.destinationApplicationSecurityGroups, packet.destinationGroups);
    if (!isTo) continue;
    return rule.access === "Allow";
  }
  throw new Error("The default rules decide about every packet.");
}

function isAmong(one: string | undefined, more: readonly string[] | undefined, port: number): boolean {
  return [...(one ? [one] : []), ...(more ?? [])].some((range) => hasPort(range, port));
}

function hasPort(range: string, port: number): boolean {
  if (range === "*") return true;
  const [from, to = from] = range.split("-").map(Number);
  return port >= Number(from) && port <= Number(to);
}

function isMember(groups: SecurityRule["sourceApplicationSecurityGroups"], own: readonly string[] = []): boolean {
  return (groups ?? []).some(({ id = "" }) => own.includes(id));
}

function hasAddress(prefix: string, address: string, { network, tags = {} }: Places): boolean {
  const inNetwork = [...network, "168.63.129.16/32"].some((one) => isIn(address, one));
  if (prefix === "") return false;
  if (prefix === "*") return true;
  if (prefix === "VirtualNetwork") return inNetwork;
  if (prefix === "AzureLoadBalancer") return address === "168.63.129.16";
  if (prefix === "Internet") return !inNetwork && ipaddr.parse(address).range() === "unicast";
  if (prefix in tags) return (tags[prefix] ?? []).some((one) => isIn(address, one));
  return isIn(address, prefix.includes("/") ? prefix : `${prefix}/${prefix.includes(":") ? 128 : 32}`);
}

/** Whether an address lies in a prefix. */
export function isIn(address: string, prefix: string): boolean {
  const [parsed, [net, length]] = [ipaddr.parse(address), ipaddr.parseCIDR(prefix)];
  return parsed.kind() === net.kind() && parsed.match([net, length]);
}
