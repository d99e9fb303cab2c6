/** How long the evaluator of network security groups takes, beside the slow model that it is tested against. */
import { endpointOf, spaceOf } from "../src/domain/network/endpoint.ts";
import type { SecurityRule } from "../src/domain/network/observed.ts";
import { groupOf, verdictOf } from "../src/domain/network/securityGroups.ts";
import { type Packet, passes } from "../test/support/packetModel.ts";
import { type Figure, median, ofSeeds } from "./figure.ts";

const COUNT = 1000;
const network = ["10.40.0.0/22"];
const whole = { prefixes: network, isComplete: true };

/** Prefixes that do not touch, and of which no packet is: as different for each rule as can be. */
const prefixes = (rule: number, count: number, net = 10) =>
  Array.from({ length: count }, (_, at) => `${net}.${rule % 200}.${at}.${(Math.floor(rule / 200) * 32) % 256}/28`);

/** A thousand rules, of which the last decides. */
const rulesWith = (sides: (rule: number) => SecurityRule) =>
  Array.from({ length: COUNT }, (_, index): SecurityRule => ({
    name: `rule-${index}`,
    priority: 100 + index,
    direction: "Inbound",
    access: index === COUNT - 1 ? "Allow" : "Deny",
    protocol: "Tcp",
    sourcePortRange: "*",
    destinationPortRange: "*",
    ...(index === COUNT - 1 ? { sourceAddressPrefix: "*", destinationAddressPrefix: "*" } : sides(index)),
  }));
const single = rulesWith((rule) => ({
  sourceAddressPrefix: `10.${rule % 200}.0.0/16`,
  destinationAddressPrefix: "VirtualNetwork",
}));

/** What is measured without a target: no group of Azure's has so much. */
const BEYOND = "fifty times what Azure takes: two hundred source prefixes";

type Measured = [rules: readonly SecurityRule[], asked?: readonly Packet[], said?: string];

/**
 * By what each rule has. Azure takes no more than 4,000 source prefixes in all rules of a group (azure-docs, networking
 * limits), which is two hundred in each fiftieth; what is beyond is measured all the same.
 */
const GROUPS: Readonly<Record<string, Measured>> = {
  "one prefix": [single],
  "ten prefixes to ten": [
    rulesWith((rule) => ({
      sourceAddressPrefixes: prefixes(rule, 10),
      destinationAddressPrefixes: [...prefixes(rule, 9, 172), "10.40.0.0/24"],
    })),
  ],
  "ten prefixes to ten, by their destination": [
    rulesWith((rule) => ({
      sourceAddressPrefixes: [...prefixes(rule, 9), "10.192.0.0/10"],
      destinationAddressPrefixes: prefixes(rule, 10, 172),
    })),
  ],
  "two hundred source prefixes in each fiftieth, one else": [
    rulesWith((rule) => ({
      ...(rule % 50 === 0
        ? { sourceAddressPrefixes: prefixes(rule, 200) }
        : { sourceAddressPrefix: `10.${rule % 200}.0.0/16` }),
      destinationAddressPrefix: "VirtualNetwork",
    })),
  ],
  [BEYOND]: [
    rulesWith((rule) => ({
      sourceAddressPrefixes: prefixes(rule, 200),
      destinationAddressPrefix: "VirtualNetwork",
    })),
  ],
};

const packets = Array.from({ length: 200 }, (_, index) => ({
  direction: "Inbound" as const,
  protocol: "Tcp" as const,
  source: `10.${200 + (index % 50)}.0.4`,
  destination: "10.40.0.4",
  port: 22,
}));

const flowsThrough =
  (rules: readonly SecurityRule[], asked: readonly Packet[] = packets, said = "allowed") =>
  () => {
    const [group, space] = [groupOf({ securityRules: rules }), spaceOf(whole)];
    for (const { source, destination, direction, protocol, port } of asked) {
      const flow = { direction, protocol, port, source: endpointOf(source), destination: endpointOf(destination) };
      if (verdictOf(group, flow, space).kind !== said) throw new Error(`It is ${said}.`);
    }
  };

/** What a preflight asks: flows of which a side is a service tag. */
const toTag = (source: string) => packets.map((packet): Packet => ({ ...packet, source, destination: "10.40.0.0/28" }));
const OTHERS = ["Sql", "AzureKeyVault.northeurope", "Storage.northeurope", "AzureFrontDoor.Backend"];
const application = (rule: number) => [{ id: `/applicationSecurityGroups/asg-${rule}` }];

/** By rules and flows that are not of addresses alone, and whether all those flows are let through. */
const TAGGED: Readonly<Record<string, Measured>> = {
  "a service tag, and flows from another of the same service": [
    rulesWith((rule) => ({ sourceAddressPrefix: OTHERS[rule % 4] ?? "", destinationAddressPrefix: "VirtualNetwork" })),
    toTag("Storage.westeurope"),
    "unknown",
  ],
  "the network's own tag, and flows from the Internet": [
    rulesWith(() => ({ sourceAddressPrefix: "VirtualNetwork", destinationAddressPrefix: "VirtualNetwork" })),
    toTag("Internet"),
  ],
  "application security groups, and flows of machines in one": [
    rulesWith((rule) => ({
      sourceApplicationSecurityGroups: application(rule),
      destinationAddressPrefix: "VirtualNetwork",
    })),
    packets,
    "unknown",
  ],
};

const model = () => packets.every((packet) => passes(single, packet, { network }));

export function measure(): Promise<Figure[]> {
  const all = Object.entries({ ...GROUPS, ...TAGGED });
  const taken = all.map(([what, [rules, asked, said]]) => {
    const figure = millisecondsOf(flowsThrough(rules, asked, said), 15);
    return {
      id: `evaluator-${what.replaceAll(/[^a-z]+/g, "-")}`,
      what: "1,000 rules × 200 flows, in milliseconds",
      figure,
      note: `of the processor, ${what} a rule`,
      ...(what === BEYOND ? {} : { target: { atMost: 50 } }),
    };
  });
  const figure = millisecondsOf(model, 3) / (taken[0]?.figure ?? Number.NaN);
  return Promise.resolve(
    ofSeeds([], [...taken, { id: "evaluator-model", what: "the obvious model : the evaluator", figure }]),
  );
}

/** Milliseconds of the processor's that something takes, the median of several times: others may work on the machine. */
function millisecondsOf(act: () => unknown, times: number): number {
  const taken = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return median(taken);
}
