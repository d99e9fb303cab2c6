/** What network security groups do to one packet: slow and obvious, to hold the evaluator of whole flows against. */
import ipaddr from "ipaddr.js";
import type { SecurityRule } from "../../src/domain/network/observed.ts";

export interface Packet {
  direction: "Inbound" | "Outbound";
  protocol: "Tcp" | "Udp";
  source: string;
  destination: string;
  /** The application security groups that the destination is in. */
  destinationGroups?: readonly string[];
  port: number;
}

/** @param network the prefixes of VirtualNetwork; complete. */
export function passes(rules: readonly SecurityRule[], packet: Packet, network: readonly string[]): boolean {
  const inOrder = [...rules].sort((one, other) => Number(one.priority) - Number(other.priority));
  for (const rule of inOrder) {
    if (rule.direction !== packet.direction) continue;
    if (rule.protocol !== "*" && rule.protocol !== packet.protocol) continue;
    const ports = rule.destinationPortRanges ?? [rule.destinationPortRange ?? ""];
    if (!ports.some((range) => hasPort(range, packet.port))) continue;
    const sources = rule.sourceAddressPrefixes ?? [rule.sourceAddressPrefix ?? ""];
    if (!sources.some((prefix) => hasAddress(prefix, packet.source, network))) continue;
    const destinations = rule.destinationAddressPrefixes ?? [rule.destinationAddressPrefix ?? ""];
    const groups = rule.destinationApplicationSecurityGroups ?? [];
    const isMember = groups.some(({ id }) => packet.destinationGroups?.includes(id ?? ""));
    if (!isMember && !destinations.some((prefix) => hasAddress(prefix, packet.destination, network))) continue;
    return rule.access === "Allow";
  }
  throw new Error("The default rules decide about every packet.");
}

function hasPort(range: string, port: number): boolean {
  if (range === "*") return true;
  const [from, to = from] = range.split("-").map(Number);
  return port >= Number(from) && port <= Number(to);
}

function hasAddress(prefix: string, address: string, network: readonly string[]): boolean {
  const inNetwork = [...network, "168.63.129.16/32"].some((one) => isIn(address, one));
  if (prefix === "") return false;
  if (prefix === "*") return true;
  if (prefix === "VirtualNetwork") return inNetwork;
  if (prefix === "AzureLoadBalancer") return address === "168.63.129.16";
  if (prefix === "Internet") return !inNetwork && ipaddr.parse(address).range() === "unicast";
  return isIn(address, prefix.includes("/") ? prefix : `${prefix}/32`);
}

function isIn(address: string, prefix: string): boolean {
  const [parsed, [net, length]] = [ipaddr.parse(address), ipaddr.parseCIDR(prefix)];
  return parsed.kind() === net.kind() && parsed.match([net, length]);
}
