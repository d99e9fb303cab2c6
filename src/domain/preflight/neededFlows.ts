import type { Flow } from "../network/securityGroups.ts";
import { type BuildSubnet, buildSubnets, type Ground } from "./ground.ts";
import { operatingSystemOf } from "./operatingSystem.ts";

/** A flow that a build needs through the network security group of one of its subnets. */
export interface NeededFlow {
  /** Kebab-case: what a rule that allows it can be called. */
  name: string;
  /** The subnet whose group decides. */
  subnet: BuildSubnet;
  direction: Flow["direction"];
  /** Prefixes, or a service tag. */
  from: readonly string[];
  to: readonly string[];
  port: number;
  /** What for. */
  purpose: string;
}

/** How image builder comes to the build VM. */
const REMOTE = { Linux: { proxy: 60001, machine: 22 }, Windows: { proxy: 60000, machine: 5986 } };

/** Every flow that image builder itself needs, and the ports that the recipe's host names are reached at. */
export function neededFlows(ground: Ground): NeededFlow[] {
  const [build, containers] = buildSubnets(ground);
  if (!build) return [];
  const { proxy, machine } = REMOTE[operatingSystemOf(ground)];
  const own = ipv4Of(build);
  const outwards = portsOutwards(ground).map((port) =>
    need(
      `port-${port}-out`,
      build,
      "Outbound",
      own,
      ["Internet"],
      port,
      "the build VM reaches storage and its downloads",
    ),
  );
  if (ground.plan.topology.kind === "private link") {
    return [
      need(
        "probe-of-proxy",
        build,
        "Inbound",
        ["AzureLoadBalancer"],
        own,
        proxy,
        "the load balancer probes the proxy VM",
      ),
      need("link-to-proxy", build, "Inbound", own, own, proxy, "the private link address reaches the proxy VM"),
      need("proxy-to-build", build, "Inbound", own, own, machine, "the proxy VM reaches the build VM"),
      need("proxy-to-build-out", build, "Outbound", own, own, machine, "the proxy VM reaches the build VM"),
      ...outwards,
    ];
  }
  if (!containers) return outwards;
  const container = ipv4Of(containers);
  return [
    need("container-to-build", build, "Inbound", container, own, machine, "packer's container reaches the build VM"),
    need(
      "container-to-build-out",
      containers,
      "Outbound",
      container,
      own,
      machine,
      "packer's container reaches the build VM",
    ),
    need(
      "container-https-out",
      containers,
      "Outbound",
      container,
      ["Internet"],
      443,
      "packer's container reaches Azure",
    ),
    need(
      "container-files-out",
      containers,
      "Outbound",
      container,
      ["Storage"],
      445,
      "packer's container reaches its file share",
    ),
    ...outwards,
  ];
}

function need(
  name: string,
  subnet: BuildSubnet,
  direction: Flow["direction"],
  from: readonly string[],
  to: readonly string[],
  port: number,
  purpose: string,
): NeededFlow {
  return { name, subnet, direction, from, to, port, purpose };
}

/** Machines of image builder have IPv4 addresses only. */
const ipv4Of = ({ addressPrefixes }: BuildSubnet) => addressPrefixes.filter((prefix) => !prefix.includes(":"));

/** 443 always, since image builder itself needs it; and those of the recipe's host names. */
function portsOutwards({ plan }: Ground): number[] {
  return [...new Set([443, ...plan.egress.flatMap(({ ports }) => ports)])].toSorted((one, other) => one - other);
}
