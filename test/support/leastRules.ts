import type { SecurityRule } from "../../src/domain/network/observed.ts";

/** A rule as the documents' tables have it; one that denies does so for every protocol. */
export const securityRule = (
  direction: string,
  priority: number,
  source: string,
  destination: string,
  port: string,
  access = "Allow",
): SecurityRule => ({
  name: `${access}-${direction}-${port}`.toLowerCase(),
  priority,
  direction,
  access,
  protocol: access === "Allow" ? "Tcp" : "*",
  sourcePortRange: "*",
  destinationPortRange: port,
  sourceAddressPrefix: source,
  destinationAddressPrefix: destination,
});

/** The least that the documents of the jump box ask for, with port 80 for apt. */
export const LEAST: readonly SecurityRule[] = [
  securityRule("Inbound", 400, "AzureLoadBalancer", "VirtualNetwork", "60001"),
  securityRule("Inbound", 410, "VirtualNetwork", "VirtualNetwork", "60001"),
  securityRule("Inbound", 420, "VirtualNetwork", "VirtualNetwork", "22"),
  securityRule("Inbound", 4096, "*", "*", "*", "Deny"),
  securityRule("Outbound", 400, "VirtualNetwork", "Internet", "443"),
  securityRule("Outbound", 405, "VirtualNetwork", "Internet", "80"),
  securityRule("Outbound", 410, "VirtualNetwork", "VirtualNetwork", "22"),
  securityRule("Outbound", 4096, "*", "*", "*", "Deny"),
];

export const leastWithout = (port: string, direction: string): SecurityRule[] =>
  LEAST.filter((one) => one.destinationPortRange !== port || one.direction !== direction);

/** The least for two subnets: what image builder's page asks for, and nothing beside. */
export const ISOLATED_BUILD: readonly SecurityRule[] = [
  securityRule("Inbound", 400, "10.0.0.16/28", "10.0.0.0/28", "22"),
  securityRule("Inbound", 4096, "*", "*", "*", "Deny"),
  securityRule("Outbound", 400, "10.0.0.0/28", "Internet", "443"),
  securityRule("Outbound", 4096, "*", "*", "*", "Deny"),
];
export const ISOLATED_CONTAINERS: readonly SecurityRule[] = [
  securityRule("Inbound", 4096, "*", "*", "*", "Deny"),
  securityRule("Outbound", 400, "10.0.0.16/28", "Internet", "443"),
  securityRule("Outbound", 410, "10.0.0.16/28", "Internet", "445"),
  securityRule("Outbound", 420, "10.0.0.16/28", "10.0.0.0/28", "22"),
  securityRule("Outbound", 4096, "*", "*", "*", "Deny"),
];
