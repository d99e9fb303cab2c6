/** How long the evaluator of network security groups takes, beside the slow model that it is tested against. */
import { endpointOf, spaceOf } from "../src/domain/network/endpoint.ts";
import type { SecurityRule } from "../src/domain/network/observed.ts";
import { groupOf, verdictOf } from "../src/domain/network/securityGroups.ts";
import { passes } from "../test/support/packetModel.ts";

/** A thousand rules of which the last decides, and two hundred packets. */
const rules = Array.from({ length: 1000 }, (_, index): SecurityRule => ({
  name: `rule-${index}`,
  priority: 100 + index,
  direction: "Inbound",
  access: index === 999 ? "Allow" : "Deny",
  protocol: "Tcp",
  sourcePortRange: "*",
  destinationPortRange: "*",
  sourceAddressPrefix: index === 999 ? "*" : `10.${index % 200}.0.0/16`,
  destinationAddressPrefix: "VirtualNetwork",
}));
const packets = Array.from({ length: 200 }, (_, index) => ({
  direction: "Inbound" as const,
  protocol: "Tcp" as const,
  source: `10.${200 + (index % 50)}.0.4`,
  destination: "10.40.0.4",
  port: 22,
}));
const network = ["10.40.0.0/22"];
const whole = { prefixes: network, isComplete: true };
const flows = () => {
  const [group, space] = [groupOf({ securityRules: rules }), spaceOf(whole)];
  for (const { source, destination, ...packet } of packets) {
    const flow = { ...packet, source: endpointOf(source), destination: endpointOf(destination) };
    if (verdictOf(group, flow, space).kind !== "allowed") throw new Error("The last rule allows it.");
  }
};

const model = () => packets.every((packet) => passes(rules, packet, { network }));

export function measureEvaluator(): { milliseconds: number; modelMilliseconds: number } {
  return { milliseconds: median(flows, 15), modelMilliseconds: median(model, 3) };
}

/** Milliseconds of the processor's that something takes, the median of several times: others may work on the machine. */
function median(act: () => unknown, times: number): number {
  const taken = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return taken.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? Number.NaN;
}
